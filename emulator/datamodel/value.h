#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "datamodel/fault.h"
#include "datamodel/pattern.h"

namespace hnbemu::datamodel {

inline constexpr std::size_t kMaxValueBytes = 1u << 20;  // of any parameter

// TR-106 3.2: the base types on the wire.
enum class Type : std::uint8_t {
  string,
  int_,
  unsigned_int,
  long_,
  unsigned_long,
  boolean,
  date_time,
  base64,
  hex_binary
};

std::string_view xsd_name(Type type);  // "xsd:unsignedInt"
// By the name without prefix: "unsignedInt".
std::optional<Type> type_named(std::string_view name);

// Every value of the four integer types.
struct Integer {
  bool negative = false;  // never with magnitude 0
  std::uint64_t magnitude = 0;

  // An XML Schema integer: optional sign, leading zeros allowed.
  static std::optional<Integer> parse(std::string_view text);
  std::string to_string() const;
  std::strong_ordering operator<=>(const Integer& other) const;
  bool operator==(const Integer&) const = default;
};

struct Range {
  std::optional<Integer> min;
  std::optional<Integer> max;
};

struct Size {
  std::uint32_t min = 0;
  std::uint32_t max = UINT32_MAX;
};

// What a parameter's values are confined to, TR-106 Annex A. Alternatives: one that fits is enough; none: all fit.
// Those of a list parameter are its items'.
struct Facets {
  std::vector<Range> ranges;             // of the integer types
  std::vector<Size> sizes;               // characters of a string, bytes of base64 and hexBinary
  std::vector<std::string> enumeration;  // of a string: one of these,
  std::vector<Pattern> patterns;         // or what one of these matches
  std::optional<Size> list_items;        // the string is a comma-separated list of so many items
  std::optional<Size> list_size;         // and so many characters
  Type item_type = Type::string;         // of the items of a list
};

// The canonical lexical form of `text` (TR-106 3.2.1, XML Schema): "true", "-5", "2024-02-29T12:00:00Z".
// Nothing if it is no value of the type.
std::optional<std::string> canonical(Type type, std::string_view text);
// The canonical form, if the facets allow it.
std::optional<std::string> conform(Type type, const Facets& facets, std::string_view text);
// TR-106 A.2.3.5: what a hidden parameter and a command read as, and a reference that refers to nothing has: "",
// "false", "0", "-1" of signed integers.
std::string_view null_value(Type type);
// The items of a comma-separated list, TR-106 3.2.3, without the white space around them; none of an empty text.
std::vector<std::string_view> list_items(std::string_view text);
// What a parameter has where neither the standard nor the profile says anything.
std::string zero_value(Type type, const Facets& facets);

}  // namespace hnbemu::datamodel
