#pragma once

#include <string_view>

namespace hnbemu::files {

bool is_utf8(std::string_view text);                 // RFC 3629
bool has_control_characters(std::string_view text);  // of ASCII, but for tabs

}  // namespace hnbemu::files
