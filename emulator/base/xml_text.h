#pragma once

#include <string>
#include <string_view>

namespace hnbemu {

// Appends `text` so that it may stand between two tags or in an attribute: the characters that XML 1.0 2.4 reserves
// become entities, white space that a parser would change (2.11, 3.3.3) character references, and what no document may
// have (2.2) U+FFFD.
void append_xml(std::string& out, std::string_view text);
std::string to_xml_text(std::string_view text);

}  // namespace hnbemu
