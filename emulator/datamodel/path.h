#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hnbemu::datamodel {

// Takes the first name and its dot off the front of a path. Without a dot, the rest is the name.
inline std::string_view take_name(std::string_view& path) {
  const auto dot = path.find('.');
  const auto name = path.substr(0, dot);
  path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  return name;
}

// TR-106 3.3: an instance number is positive and has one form.
inline std::optional<std::uint32_t> instance_number(std::string_view name) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (name.empty() || error != std::errc{} || end != name.data() + name.size() || name.front() == '0')
    return std::nullopt;
  return number;
}

}  // namespace hnbemu::datamodel
