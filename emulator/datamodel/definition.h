#pragma once

#include <string_view>

#include "datamodel/model_builder.h"

namespace hnbemu::datamodel {

// The one-line form in which profiles and model tables define a parameter:
//
//   string(:64) ro inform active=forced         at most 64 characters; an Inform parameter; active notification forced
//   unsignedInt(1:10|20) rw = 5                 1 to 10 or 20; starts as 5
//   string{Immediate|Delayed} rw                an enumeration
//   list[1:8](:50) unsignedInt(:65535) rw       1 to 8 numbers in at most 50 characters
//   string(:256) rw hidden                      reads as nothing
//
// active= is one of forced, default, deniable (TR-106 activeNotify: forceEnabled, forceDefaultEnabled, canDeny).
Result<ParameterSpec> parse_definition(std::string path, std::string_view text);

}  // namespace hnbemu::datamodel
