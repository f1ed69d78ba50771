#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hnbemu::datamodel {

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

// The immutable part that all devices of a profile share: objects, parameters, types, facets, access, defaults.
class Model;

}  // namespace hnbemu::datamodel
