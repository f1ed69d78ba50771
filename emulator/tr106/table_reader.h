#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "tr106/document.h"

namespace hnbemu::tr106 {

inline constexpr std::size_t kMaxTableBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxTableLines = 300'000;
inline constexpr std::size_t kMaxLineBytes = std::size_t{64} << 10;

// A model table: the text that write_table() makes, one statement a line, `#` begins a comment line.
//
//   source FILE  root PATH  only PREFIX                    where it is from: the options of `hnbemu profile import`
//   type NAME from(BASE): TYPE                             a named type
//   model NAME service
//   Device.IP.Interface.{i}. rw entries(0:4) count(InterfaceNumberOfEntries) enable(Enable) key(Name) identity(Alias)
//     Enable: boolean rw = false                           a parameter of the object above, see parameter_line.h
//   profile NAME extends(OTHER)
//     Device.IP. present: Enable=rw IPv4Capable            what it requires of an object (TR-106 A.2.13)
//
// A table without entries() has any number of rows, any other object is there once. "." is the nameless object around a
// service. Errors are of Cause::configuration: file:line:column: what.
Result<Document> parse_table(std::string_view text, const std::string& name);
Result<Document> load_table(const std::string& file);

}  // namespace hnbemu::tr106
