#pragma once

#include <string>
#include <string_view>

#include "httpauth/hmac.h"
#include "stun/crypto.h"

namespace hnbemu::stun {

inline constexpr Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};

// "00 01 a4": bytes; white space counts for nothing.
inline std::string bytes_of(std::string_view hex) {
  std::string digits;
  for (const char c : hex) {
    if (c != ' ' && c != '\n') digits += c;
  }
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace hnbemu::stun
