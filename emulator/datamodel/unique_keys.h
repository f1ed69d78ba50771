#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datamodel/model.h"

namespace hnbemu::datamodel {

class Tree;

inline constexpr std::string_view kGeneratedPrefix = "cpe-";  // TR-106, data type Alias: what the device itself assigns

// Which rows have which keys. A table's index comes into being when it is first asked for, and follows its rows from
// then on: a key costs the same in any table.
class UniqueKeys {
 public:
  explicit UniqueKeys(const Tree& tree) : tree_(tree) {}

  // Whether no other row has the row's key; true if the key does not count in this row.
  bool unique(RowId row, KeyId key) const;
  // The row of a table in `parent` with this value of a key of one parameter; kNone if there is none.
  RowId find(RowId parent, KeyId key, std::string_view value) const;

  // Around a change of the row's values: forget before, learn after.
  void forget(RowId row, std::span<const KeyId> keys);
  void learn(RowId row, std::span<const KeyId> keys);
  // The tables in `parent` are going, or change as a whole.
  void drop(RowId parent, std::span<const KeyId> keys);
  void clear() { indexes_.clear(); }  // all change

 private:
  using Index = std::unordered_multimap<std::string, RowId>;
  static std::uint64_t place(RowId parent, KeyId key) { return std::uint64_t{parent} << 32 | key; }
  std::optional<std::string> text(RowId row, KeyId key) const;  // nothing: the key does not count
  Index& index(RowId parent, KeyId key) const;

  const Tree& tree_;
  mutable std::unordered_map<std::uint64_t, Index> indexes_;
};

// Gives the row, and those below it, keys that no other row has, where the profile says nothing: "cpe-<number>" for a
// string, the first free value of integers, enumerations and booleans. `changed` gets what was assigned. The row that
// cannot have a key of its own, or kNone.
RowId make_unique(Tree& tree, RowId row, std::vector<std::pair<RowId, ParameterId>>& changed);

}  // namespace hnbemu::datamodel
