#include "datamodel/unique_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

// TR-106 A.2.10.1: a list counts as a set.
std::string as_set(std::string_view list) {
  auto items = list_items(list);
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return fmt::format("{}", fmt::join(items, ","));
}

std::string key_text(std::string_view value) {
  return std::string(value) + '\0';
}

// The `attempt`th value to try, from 0; nothing when there are no more.
std::optional<std::string> candidate(const Parameter& parameter, std::uint32_t instance, std::uint64_t attempt) {
  const Facets& facets = parameter.facets;
  if (parameter.reference || facets.list_items) return std::nullopt;
  if (!facets.enumeration.empty() && facets.patterns.empty())
    return attempt < facets.enumeration.size() ? std::optional(facets.enumeration[attempt]) : std::nullopt;
  if (parameter.type == Type::string)
    return attempt == 0 ? fmt::format("{}{}", kGeneratedPrefix, instance)
                        : fmt::format("{}{}-{}", kGeneratedPrefix, instance, attempt + 1);
  if (parameter.type == Type::boolean)
    return attempt < 2 ? std::optional(attempt == 0 ? "false" : "true") : std::nullopt;
  if (parameter.type == Type::date_time || parameter.type == Type::base64 || parameter.type == Type::hex_binary)
    return std::nullopt;
  const bool positive = !facets.ranges.empty() && facets.ranges.front().min && !facets.ranges.front().min->negative;
  return std::to_string(attempt + (positive ? facets.ranges.front().min->magnitude : 0));
}

bool try_parameter(Tree& tree, RowId row, ParameterId id) {
  const Parameter& parameter = tree.model().parameter(id);
  const std::string before = tree.stored(row, id);
  // One more than the other rows can have taken.
  const auto attempts = tree.rows(tree.row(row).parent, tree.row(row).table).size() + 1;
  for (std::uint64_t attempt = 0; attempt < attempts; ++attempt) {
    const auto text = candidate(parameter, tree.row(row).instance, attempt);
    if (!text) break;
    const auto value = conform(parameter.type, parameter.facets, *text);
    if (!value) continue;
    tree.assign(row, id, *value);
    if (std::ranges::all_of(parameter.keys, [&](KeyId key) { return tree.keys().unique(row, key); })) return true;
  }
  tree.assign(row, id, before);
  return false;
}

bool make_key_unique(Tree& tree, RowId row, KeyId key, std::vector<std::pair<RowId, ParameterId>>& changed) {
  if (tree.keys().unique(row, key)) return true;
  for (const ParameterId id : tree.model().key(key).parameters) {
    if (row < tree.model().row_count() && tree.model().value(row, id) != nullptr) continue;
    if (!try_parameter(tree, row, id)) continue;
    changed.emplace_back(row, id);
    return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> UniqueKeys::text(RowId row, KeyId id) const {
  const UniqueKey& key = tree_.model().key(id);
  if (key.enable != kNone && tree_.stored(row, key.enable) != "true") return std::nullopt;
  std::string text;
  for (const ParameterId parameter : key.parameters) {
    const std::string value = tree_.stored(row, parameter);
    text += key_text(tree_.model().parameter(parameter).facets.list_items ? as_set(value) : value);
  }
  return text;
}

UniqueKeys::Index& UniqueKeys::index(RowId parent, KeyId key) const {
  const auto [entry, fresh] = indexes_.try_emplace(place(parent, key));
  if (fresh) {
    for (const RowId row : tree_.rows(parent, tree_.model().key(key).table)) {
      if (auto has = text(row, key)) entry->second.emplace(std::move(*has), row);
    }
  }
  return entry->second;
}

bool UniqueKeys::unique(RowId row, KeyId key) const {
  const auto has = text(row, key);
  return !has || index(tree_.row(row).parent, key).count(*has) <= 1;
}

RowId UniqueKeys::find(RowId parent, KeyId key, std::string_view value) const {
  const Index& rows = index(parent, key);
  const auto found = rows.find(key_text(value));
  return found == rows.end() ? kNone : found->second;
}

void UniqueKeys::forget(RowId row, std::span<const KeyId> keys) {
  for (const KeyId key : keys) {
    const auto known = indexes_.find(place(tree_.row(row).parent, key));
    const auto has = known == indexes_.end() ? std::nullopt : text(row, key);
    if (!has) continue;
    const auto [first, last] = known->second.equal_range(*has);
    const auto entry = std::find_if(first, last, [row](const auto& each) { return each.second == row; });
    if (entry != last) known->second.erase(entry);
  }
}

void UniqueKeys::learn(RowId row, std::span<const KeyId> keys) {
  for (const KeyId key : keys) {
    const auto known = indexes_.find(place(tree_.row(row).parent, key));
    if (known == indexes_.end()) continue;
    if (auto has = text(row, key)) known->second.emplace(std::move(*has), row);
  }
}

void UniqueKeys::drop(RowId parent, std::span<const KeyId> keys) {
  for (const KeyId key : keys) indexes_.erase(place(parent, key));
}

RowId make_unique(Tree& tree, RowId row, std::vector<std::pair<RowId, ParameterId>>& changed) {
  const Model& model = tree.model();
  const ObjectId object = row == kRootRow ? kRootObject : tree.row(row).table;
  for (const KeyId key : model.object(object).keys) {
    if (!make_key_unique(tree, row, key, changed)) return row;
  }
  for (const ObjectId table : model.extent(object).tables) {
    for (const RowId inner : tree.rows(row, table)) {
      if (const RowId failed = make_unique(tree, inner, changed); failed != kNone) return failed;
    }
  }
  return kNone;
}

}  // namespace hnbemu::datamodel
