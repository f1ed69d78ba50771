#include "datamodel/value.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/number.h"
#include "base/time.h"

namespace hnbemu::datamodel {
namespace {

constexpr std::array<std::pair<Type, std::string_view>, 9> kTypes{{{Type::string, "xsd:string"},
                                                                   {Type::int_, "xsd:int"},
                                                                   {Type::unsigned_int, "xsd:unsignedInt"},
                                                                   {Type::long_, "xsd:long"},
                                                                   {Type::unsigned_long, "xsd:unsignedLong"},
                                                                   {Type::boolean, "xsd:boolean"},
                                                                   {Type::date_time, "xsd:dateTime"},
                                                                   {Type::base64, "xsd:base64"},
                                                                   {Type::hex_binary, "xsd:hexBinary"}}};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// whiteSpace="collapse" of every XML Schema type but string.
std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

Range natural_range(Type type) {
  switch (type) {
    case Type::int_:
      return {Integer{true, 1ull << 31}, Integer{false, (1ull << 31) - 1}};
    case Type::unsigned_int:
      return {Integer{}, Integer{false, UINT32_MAX}};
    case Type::long_:
      return {Integer{true, 1ull << 63}, Integer{false, (1ull << 63) - 1}};
    default:
      return {Integer{}, Integer{false, UINT64_MAX}};
  }
}

bool is_integer(Type type) {
  return type == Type::int_ || type == Type::unsigned_int || type == Type::long_ || type == Type::unsigned_long;
}

bool inside(const Range& range, const Integer& value) {
  return (!range.min || value >= *range.min) && (!range.max || value <= *range.max);
}

bool inside(const Size& size, std::size_t value) {
  return value >= size.min && value <= size.max;
}

std::optional<std::string> canonical_boolean(std::string_view text) {
  if (text == "1" || text == "true") return "true";
  if (text == "0" || text == "false") return "false";
  return std::nullopt;
}

std::optional<std::string> canonical_base64(std::string_view text) {
  std::string compact;
  for (const char c : text) {
    if (!is_space(c)) compact += c;
  }
  const std::size_t padding = compact.ends_with("==") ? 2 : compact.ends_with("=") ? 1 : 0;
  const bool letters = std::all_of(compact.begin(), compact.end() - static_cast<std::ptrdiff_t>(padding), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
  if (!letters || compact.size() % 4 != 0) return std::nullopt;
  return compact;
}

std::optional<std::string> canonical_hex(std::string_view text) {
  std::string upper;
  for (const char c : text) {
    const bool lower_case = c >= 'a' && c <= 'f';
    if (!lower_case && !(c >= 'A' && c <= 'F') && !(c >= '0' && c <= '9')) return std::nullopt;
    upper += lower_case ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (upper.size() % 2 != 0) return std::nullopt;
  return upper;
}

std::size_t character_count(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t measure(Type type, std::string_view value) {
  if (type == Type::hex_binary) return value.size() / 2;
  if (type != Type::base64) return character_count(value);
  return value.size() / 4 * 3 - (value.ends_with("==") ? 2 : value.ends_with("=") ? 1 : 0);
}

bool item_fits(Type type, const Facets& facets, std::string_view value) {
  if (is_integer(type)) {
    const auto number = Integer::parse(value);
    return facets.ranges.empty() || std::any_of(facets.ranges.begin(), facets.ranges.end(),
                                                [&](const Range& range) { return inside(range, *number); });
  }
  const auto length = measure(type, value);
  const bool size_fits = facets.sizes.empty() || std::any_of(facets.sizes.begin(), facets.sizes.end(),
                                                             [&](const Size& size) { return inside(size, length); });
  if (!size_fits || (facets.enumeration.empty() && facets.patterns.empty())) return size_fits;
  return std::ranges::find(facets.enumeration, value) != facets.enumeration.end() ||
         std::ranges::any_of(facets.patterns, [&](const Pattern& pattern) { return pattern.matches(value); });
}

std::optional<std::string> conform_list(const Facets& facets, std::string_view text) {
  if (facets.list_size && !inside(*facets.list_size, character_count(text))) return std::nullopt;
  const auto items = list_items(text);
  const bool fit = std::ranges::all_of(items, [&](std::string_view text_of_item) {
    const auto item = canonical(facets.item_type, text_of_item);
    return item && item_fits(facets.item_type, facets, *item);
  });
  if (!fit || !inside(*facets.list_items, items.size())) return std::nullopt;
  return std::string(text);
}

}  // namespace

std::string_view xsd_name(Type type) {
  return std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& entry) { return entry.first == type; })->second;
}

std::optional<Type> type_named(std::string_view name) {
  for (const auto& [type, xsd] : kTypes) {
    if (xsd.substr(4) == name) return type;
  }
  if (name == "base64Binary") return Type::base64;  // XML Schema's own name for SOAP's base64
  return std::nullopt;
}

std::optional<Integer> Integer::parse(std::string_view text) {
  Integer value;
  const bool sign = !text.empty() && (text.front() == '-' || text.front() == '+');
  value.negative = sign && text.front() == '-';
  if (sign) text.remove_prefix(1);
  const auto magnitude = parse_number<std::uint64_t>(text);
  if (!magnitude) return std::nullopt;
  value.magnitude = *magnitude;
  if (value.magnitude == 0) value.negative = false;
  return value;
}

std::string Integer::to_string() const {
  return (negative ? "-" : "") + std::to_string(magnitude);
}

std::strong_ordering Integer::operator<=>(const Integer& other) const {
  if (negative != other.negative) return negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return negative ? other.magnitude <=> magnitude : magnitude <=> other.magnitude;
}

std::optional<std::string> canonical(Type type, std::string_view text) {
  if (text.size() > kMaxValueBytes) return std::nullopt;
  if (type == Type::string) return std::string(text);
  text = trim(text);
  if (type == Type::boolean) return canonical_boolean(text);
  if (type == Type::base64) return canonical_base64(text);
  if (type == Type::hex_binary) return canonical_hex(text);
  if (type == Type::date_time) {
    const auto time = parse_date_time(text);
    return time ? std::optional(to_date_time(*time)) : std::nullopt;
  }
  const auto number = Integer::parse(text);
  if (!number || !inside(natural_range(type), *number)) return std::nullopt;
  return number->to_string();
}

std::optional<std::string> conform(Type type, const Facets& facets, std::string_view text) {
  auto value = canonical(type, text);
  if (!value) return std::nullopt;
  if (facets.list_items) return conform_list(facets, *value);
  if (!item_fits(type, facets, *value)) return std::nullopt;
  return value;
}

std::string_view null_value(Type type) {
  if (type == Type::int_ || type == Type::long_) return "-1";
  if (is_integer(type)) return "0";
  if (type == Type::boolean) return "false";
  return type == Type::date_time ? unknown_time : std::string_view{};
}

std::vector<std::string_view> list_items(std::string_view text) {
  std::vector<std::string_view> items;
  if (trim(text).empty()) return items;
  for (;;) {
    const auto comma = text.find(',');
    items.push_back(trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::string zero_value(Type type, const Facets& facets) {
  const std::string_view none = is_integer(type) ? "0" : null_value(type);
  if (auto zero = conform(type, facets, none)) return *zero;
  if (!facets.enumeration.empty()) return facets.enumeration.front();
  if (!facets.ranges.empty() && facets.ranges.front().min) return facets.ranges.front().min->to_string();
  return std::string(none);
}

}  // namespace hnbemu::datamodel
