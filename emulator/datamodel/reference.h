#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hnbemu::datamodel {

// TR-106 A.2.3.7: that a parameter's value, or each item of its list, refers to something. Paths are of the model, with
// "{i}" for instance numbers, and end in "." where they name an object. By kind, a value is
//
//   path         the full path of a child of one of `targets`, without a dot at its end; any "{i}"; no targets: of
//                anything
//   instance     the number of a row of the table `targets[0]`
//   enumeration  an item of the present value of the parameter `targets[0]`
//
// In the last two a "{i}" is the number of the row that the reference itself is in. A strong reference names what exists
// or is null; when that is deleted, it becomes null. A weak one may name what does not exist, in the form that it would
// have.
struct Reference {
  enum class Kind : std::uint8_t { path, instance, enumeration };
  enum class Target : std::uint8_t { any, parameter, object, single, table, row };

  Kind kind = Kind::path;
  bool strong = false;
  Target target = Target::any;  // of a path
  std::vector<std::string> targets{};
  std::optional<std::string> null_value{};  // of an enumeration: what says that none applies
};

}  // namespace hnbemu::datamodel
