#include "datamodel/rows.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace hnbemu::datamodel {

std::span<const RowId> Rows::of(RowId parent, ObjectId table) const {
  const auto found = tables_.find(key(parent, table));
  if (found != tables_.end()) return found->second.rows;
  return parent < model_.row_count() ? model_.rows(parent, table) : std::span<const RowId>{};
}

RowId Rows::find(RowId parent, ObjectId table, std::uint32_t instance) const {
  const auto rows = of(parent, table);
  const auto at = std::lower_bound(rows.begin(), rows.end(), instance,
                                   [&](RowId id, std::uint32_t number) { return row(id).instance < number; });
  return at != rows.end() && row(*at).instance == instance ? *at : kNone;
}

Rows::Table& Rows::own(RowId parent, ObjectId table) {
  const auto [entry, fresh] = tables_.try_emplace(key(parent, table));
  if (fresh && parent < model_.row_count()) {
    const auto rows = model_.rows(parent, table);
    entry->second.rows.assign(rows.begin(), rows.end());
    if (!rows.empty()) entry->second.last_number = model_.row(rows.back()).instance;
  }
  return entry->second;
}

RowId Rows::add(RowId parent, ObjectId table) {
  if (of(parent, table).size() >= model_.object(table).max_rows) return kNone;
  Table& owned = own(parent, table);
  if (owned.last_number == UINT32_MAX) return kNone;
  return insert(owned, {table, parent, owned.last_number + 1});
}

// After the rows that `owned` has. Tables in tables end where the model's objects do; ModelBuilder bounds the rows.
RowId Rows::insert(Table& owned, const Row& row) {
  RowId id = static_cast<RowId>(model_.row_count() + added_.size());
  if (free_.empty()) {
    added_.push_back(row);
  } else {
    id = free_.back();
    free_.pop_back();
    added_[id - model_.row_count()] = row;
  }
  owned.rows.push_back(id);
  owned.last_number = row.instance;
  for (const ObjectId table : model_.extent(row.table).tables) {
    const std::uint32_t least = model_.object(table).min_rows;
    if (least == 0) continue;
    Table& inner = own(id, table);
    for (std::uint32_t number = 1; number <= least; ++number) insert(inner, {table, id, number});
  }
  return id;
}

TableState Rows::state(RowId parent, ObjectId table) const {
  TableState state;
  for (const RowId id : of(parent, table)) state.rows.push_back(row(id).instance);
  const auto found = tables_.find(key(parent, table));
  if (found != tables_.end()) {
    state.last_number = found->second.last_number;
  } else if (!state.rows.empty()) {
    state.last_number = state.rows.back();
  }
  return state;
}

bool Rows::allowed(ObjectId table, const TableState& state) const {
  const bool ascending = std::ranges::adjacent_find(state.rows, std::greater_equal<>()) == state.rows.end();
  const bool within = state.rows.empty() || (state.rows.front() > 0 && state.rows.back() <= state.last_number);
  const Object& object = model_.object(table);
  return ascending && within && state.rows.size() <= object.max_rows && state.rows.size() >= object.min_rows;
}

void Rows::restore(RowId parent, ObjectId table, const TableState& state) {
  Table& owned = own(parent, table);
  const auto kept = std::exchange(owned.rows, {});
  auto next = kept.begin();
  for (const std::uint32_t number : state.rows) {
    if (next != kept.end() && row(*next).instance == number) {
      owned.rows.push_back(*next++);
    } else {
      insert(owned, {table, parent, number});
    }
  }
  owned.last_number = state.last_number;
}

std::vector<RowId> Rows::remove(RowId id) {
  const Row first = row(id);
  auto& siblings = own(first.parent, first.table).rows;
  siblings.erase(std::lower_bound(siblings.begin(), siblings.end(), first.instance,
                                  [&](RowId other, std::uint32_t number) { return row(other).instance < number; }));
  std::vector<RowId> gone{id};
  for (std::size_t i = 0; i < gone.size(); ++i) {
    const RowId parent = gone[i];
    for (const ObjectId table : model_.extent(row(parent).table).tables) {
      const auto below = of(parent, table);
      gone.insert(gone.end(), below.begin(), below.end());
      tables_.erase(key(parent, table));
    }
  }
  for (const RowId row_id : gone) {
    if (row_id >= model_.row_count()) free_.push_back(row_id);
  }
  return gone;
}

void Rows::reset() {
  tables_.clear();
  added_.clear();
  free_.clear();
}

}  // namespace hnbemu::datamodel
