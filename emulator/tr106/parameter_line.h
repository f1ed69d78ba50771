#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "tr106/document.h"
#include "tr106/named_type.h"
#include "tr106/table_text.h"

namespace hnbemu::tr106 {

// A parameter in one line, as model tables and profiles have it: its type, its access, what else there is to say.
//
//   string(:64) ro inform active=forced         at most 64 characters; an Inform parameter; active notification forced
//   unsignedInt(1:10|20) rw = 5                 1 to 10 or 20; starts as 5; (0:100/10) has steps of 10
//   string{Immediate|Delayed} rw                an enumeration
//   list[1:8](:50) unsignedInt(:65535) rw       1 to 8 numbers in at most 50 characters
//   string(:256) rw hidden                      reads as nothing
//   Alias rw deprecated                         a named type
//
// Access: ro, rw, once (may be set as long as nobody did). Then, in any order, the status (deprecated, obsoleted),
// inform, hidden, secured, command, active= (forced, default, deniable: TR-106 activeNotify forceEnabled,
// forceDefaultEnabled, canDeny), and
//
//   units('0.1 dB')  pattern('\d+' [A-F]+)  deprecated-pattern(…)  obsoleted-pattern(…)
//   one-of('a|b')                                        enumerated values that a {…} cannot hold
//   optional(A) device-set(A) deprecated(A) obsoleted(A) of enumerated values; device-set: the device alone sets it
//   ref(strong row Device.IP.Interface.)                 a reference (TR-106 A.2.3.7): strong or weak, what, where
//   ref-type(string)  ref-null('')                       of what type, and what stands for none
//   instance(weak Device.IP.Interface.)                  by instance number
//   enum-of(Device.X.Supported)                          the values that another parameter lists
//
// Last comes the default, verbatim up to the end of the line, or as ="…" with escapes: "= 5" on creation; "factory= 5"
// also of a fresh device; "likely= 5" for information; "parameter= Name" another parameter's value. Texts in round
// brackets are bare, '…' or "…" with escapes.
//
// Errors are "column N: what".
Result<Parameter> parse_parameter(std::string name, std::string_view text, const NamedTypes& types = {});
std::string parameter_text(const Parameter& parameter, const NamedTypes& types);

// The same for a named type: a type and what confines it. `name` and `base` stay as they are.
void read_type_line(LineCursor& line, DataType& type);
std::string type_text(const DataType& type);
void read_parameter_line(LineCursor& line, const NamedTypes& types, Parameter& parameter);

}  // namespace hnbemu::tr106
