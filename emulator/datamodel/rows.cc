#include "datamodel/rows.h"

#include <algorithm>

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
  const Row row{table, parent, ++owned.last_number};
  RowId id = static_cast<RowId>(model_.row_count() + added_.size());
  if (free_.empty()) {
    added_.push_back(row);
  } else {
    id = free_.back();
    free_.pop_back();
    added_[id - model_.row_count()] = row;
  }
  owned.rows.push_back(id);
  return id;
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

}  // namespace hnbemu::datamodel
