#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "datamodel/model.h"

namespace hnbemu::datamodel {

// TR-069 A.3.2.6: the number of a deleted row is not given again soon; here, never.
struct TableState {
  std::uint32_t last_number = 0;
  std::vector<std::uint32_t> rows;  // ascending
};

// The rows that a device has now: the fresh ones of its Model, less what was deleted, with what was added.
class Rows {
 public:
  explicit Rows(const Model& model) : model_(model) {}

  const Row& row(RowId id) const { return id < model_.row_count() ? model_.row(id) : added_[id - model_.row_count()]; }
  std::span<const RowId> of(RowId parent, ObjectId table) const;  // by instance number
  RowId find(RowId parent, ObjectId table, std::uint32_t instance) const;

  // The new row has the next number that the table never had, TR-069 A.3.2.6, and the least rows in the tables in it.
  // kNone if the table is full.
  RowId add(RowId parent, ObjectId table);
  // The numbers of a table's rows and the last one that it gave; what a table had without power, back again. Rows that
  // are not in `state` must be gone by then, and the table must be allowed what it says.
  TableState state(RowId parent, ObjectId table) const;
  bool allowed(ObjectId table, const TableState& state) const;
  void restore(RowId parent, ObjectId table, const TableState& state);

  // Takes the row out of its table, with the rows below it. Gives all their ids, which later rows may get.
  std::vector<RowId> remove(RowId id);

  // The fresh rows again. Numbers may be given again: nobody remembers the old ones.
  void reset();

 private:
  struct Table {
    std::vector<RowId> rows;
    std::uint32_t last_number = 0;
  };
  static std::uint64_t key(RowId parent, ObjectId table) { return std::uint64_t{parent} << 32 | table; }
  RowId insert(Table& owned, const Row& row);
  Table& own(RowId parent, ObjectId table);

  const Model& model_;
  std::unordered_map<std::uint64_t, Table> tables_;  // those that differ from the model's
  std::vector<Row> added_;                           // ids follow the model's
  std::vector<RowId> free_;                          // unused ones of `added_`
};

}  // namespace hnbemu::datamodel
