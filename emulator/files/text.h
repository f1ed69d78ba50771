#pragma once

#include <cstddef>
#include <string_view>

namespace hnbemu::files {

bool is_utf8(std::string_view text);                 // RFC 3629
bool has_control_characters(std::string_view text);  // of ASCII, but for tabs
// At most so many bytes of UTF-8, and no half of a character.
std::string_view cut(std::string_view text, std::size_t bytes);

}  // namespace hnbemu::files
