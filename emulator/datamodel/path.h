#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/number.h"

namespace hnbemu::datamodel {

// Takes the first name and its dot off the front of a path. Without a dot, the rest is the name. An alias in brackets
// is one name, whatever is in it.
inline std::string_view take_name(std::string_view& path) {
  const auto alias_end = path.starts_with('[') ? path.find("].") : std::string_view::npos;
  const auto dot = alias_end == std::string_view::npos ? path.find('.') : alias_end + 1;
  const auto name = path.substr(0, dot);
  path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  return name;
}

// TR-106 3.3: an instance number is positive and has one form.
inline std::optional<std::uint32_t> instance_number(std::string_view name) {
  return name.starts_with('0') ? std::nullopt : parse_number<std::uint32_t>(name);
}

// TR-106 3.1: an XML NCName without dots; vendor prefixes are X_<OUI or domain>_.
inline bool legal_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front()))) return false;
  return std::ranges::all_of(name,
                             [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c >= 0x80; });
}

// TR-069 3.6.1: the alias in "[alias]", which stands for an instance number.
inline std::optional<std::string_view> instance_alias(std::string_view name) {
  if (name.size() < 3 || name.front() != '[' || name.back() != ']') return std::nullopt;
  return name.substr(1, name.size() - 2);
}

}  // namespace hnbemu::datamodel
