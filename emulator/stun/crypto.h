#pragma once

#include <string>
#include <string_view>

namespace hnbemu::stun {

// What STUN needs of cryptography; given from outside, since this folder has none. Both give raw bytes.
struct Crypto {
  std::string (*hmac_sha1)(std::string_view key, std::string_view text);  // 20 bytes
  std::string (*md5)(std::string_view text);                              // 16 bytes
};

// Takes as long for a wrong text as for the right one of its length.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace hnbemu::stun
