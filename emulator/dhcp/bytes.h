#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Numbers in network byte order.
namespace hnbemu::dhcp {

inline void put_number(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

// Off the front; `in` has as many.
inline std::uint64_t take_number(std::string_view& in, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(in[i]);
  in.remove_prefix(bytes);
  return value;
}

}  // namespace hnbemu::dhcp
