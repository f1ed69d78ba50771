#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace hnbemu {

// The number that the whole of `text` is. Nothing if it is none, is outside T, is empty, or has anything around it:
// spaces, "0x", a '+', or a '-' where T is unsigned.
template <std::integral T>
std::optional<T> parse_number(std::string_view text, int base = 10) {
  T value{};
  const auto* const behind = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), behind, value, base);
  return error == std::errc{} && end == behind ? std::optional(value) : std::nullopt;
}

// The same of a decimal fraction; "inf" and "nan" are numbers here.
template <std::floating_point T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto* const behind = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), behind, value);
  return error == std::errc{} && end == behind ? std::optional(value) : std::nullopt;
}

}  // namespace hnbemu
