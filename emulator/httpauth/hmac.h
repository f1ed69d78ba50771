#pragma once

#include <string>
#include <string_view>

namespace hnbemu::httpauth {

// Raw bytes.
std::string hmac_sha1(std::string_view key, std::string_view text);  // RFC 2104
std::string md5(std::string_view text);

}  // namespace hnbemu::httpauth
