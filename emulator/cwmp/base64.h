#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hnbemu::cwmp {

// RFC 4648 4; white space is skipped, as XML Schema has it. Nothing if it is none.
inline std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  unsigned letters = 0, padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    const auto value = c == '=' ? 0 : kLetters.find(c);
    if (value == std::string_view::npos || (padding > 0 && c != '=') || padding == 2) return std::nullopt;
    padding += c == '=' ? 1 : 0;
    buffer = buffer << 6 | static_cast<unsigned>(value);
    if (++letters % 4 != 0) continue;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(buffer >> shift & 0xFF);
    buffer = 0;
  }
  if (letters % 4 != 0) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace hnbemu::cwmp
