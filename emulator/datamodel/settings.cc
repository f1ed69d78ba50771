// All that the ACS may set in a DataModel, out of it and back.
#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "datamodel/data_model.h"
#include "datamodel/references.h"
#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

using Kind = Tree::Place::Kind;

constexpr std::uint32_t kMaxInstance = 1u << 30;  // numbers above are left for the rows to come

// Rows that come and go by what the device does, not by what it is told.
bool made_by_device(const Tree& tree, const Tree::Place& place) {
  for (RowId row = place.row; row != kRootRow; row = tree.row(row).parent) {
    if (!tree.is_fresh(row) && !tree.model().object(tree.row(row).table).writable) return true;
  }
  return false;
}

// "1 2 5"
std::optional<std::vector<std::uint32_t>> row_numbers(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number == 0 || number > kMaxInstance || numbers.size() == kMaxTableRows)
      return std::nullopt;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) break;
    if (text.size() == 1 || text.front() != ' ') return std::nullopt;
    text.remove_prefix(1);
  }
  std::ranges::sort(numbers);
  if (std::ranges::adjacent_find(numbers) != numbers.end()) return std::nullopt;
  return numbers;
}

// Not every value that a device leaves the factory with may be set.
bool is_so_already(const Tree& tree, const Setting& setting) {
  const auto place = tree.find(setting.path);
  if (!place || place->kind != Kind::parameter || !tree.writable(*place)) return false;
  return !tree.model().parameter(place->parameter).command &&
         tree.stored(place->row, place->parameter) == setting.value;
}

bool is_table(const Setting& setting) {
  return setting.path.ends_with('.');
}

}  // namespace

std::vector<Setting> DataModel::settings() const {
  std::vector<Setting> settings;
  std::string at;
  tree_->walk({}, at, false, [&](const Tree::Place& place) {
    if (place.kind == Kind::object || !tree_->writable(place) || made_by_device(*tree_, place)) return;
    if (place.kind == Kind::table) {
      settings.push_back({at, fmt::format("{}", fmt::join(tree_->table_state(place).rows, " "))});
    } else if (!tree_->model().parameter(place.parameter).command) {
      settings.push_back({at, tree_->value(place.row, place.parameter)});
    }
  });
  return settings;
}

std::optional<ParameterFault> DataModel::load_rows(const Setting& setting) {
  const auto fault = [&](FaultCode code, std::string text) { return ParameterFault{setting.path, code, text}; };
  const auto table = tree_->find(setting.path);
  if (!table || table->kind != Kind::table) return fault(FaultCode::invalid_parameter_name, "Invalid table name");
  if (!tree_->writable(*table))
    return fault(FaultCode::non_writable_parameter, "Attempt to set the rows of a non-writable table");
  auto numbers = row_numbers(setting.value);
  if (!numbers) return fault(FaultCode::invalid_parameter_value, "Invalid row numbers");
  auto state = tree_->table_state(*table);
  const auto before = std::exchange(state.rows, std::move(*numbers));
  if (before == state.rows) return std::nullopt;
  if (!state.rows.empty()) state.last_number = std::max(state.last_number, state.rows.back());
  const auto gone = tree_->restore_table(*table, state);
  if (!gone) return fault(FaultCode::resources_exceeded, "The table may not have so many rows, or so few");

  std::vector<Change> changes, cleared;
  for (const auto& path : *gone) {
    changes.push_back({path, {}, Origin::acs, Change::Kind::deleted});
    std::ranges::move(clear_references(*tree_, path), std::back_inserter(cleared));
  }
  const auto table_path = tree_->path(*table);
  for (const auto number : state.rows) {
    if (std::ranges::binary_search(before, number)) continue;
    changes.push_back({fmt::format("{}{}.", table_path, number), {}, Origin::acs, Change::Kind::added});
  }
  const ParameterId counter = tree_->model().object(table->object).number_of_entries;
  if (counter != kNone && before.size() != state.rows.size())
    changes.push_back({tree_->path(table->row, counter), tree_->value(table->row, counter), Origin::acs});
  tell(std::move(changes), std::move(cleared));
  return std::nullopt;
}

tl::expected<void, std::vector<ParameterFault>> DataModel::load_at_once(std::span<const Setting> settings) {
  std::vector<const Setting*> tables;
  for (const auto& setting : settings) {
    if (is_table(setting)) tables.push_back(&setting);
  }
  // A row comes before the tables in it.
  std::ranges::stable_sort(tables, {}, [](const auto* table) { return std::ranges::count(table->path, '.'); });
  std::vector<ParameterFault> faults;
  std::unordered_set<std::string_view> named;
  for (const auto& setting : settings) {
    if (!named.insert(setting.path).second)
      faults.push_back({setting.path, FaultCode::invalid_arguments, "It is named twice"});
  }
  for (const auto* const table : tables) {
    if (auto fault = load_rows(*table)) faults.push_back(std::move(*fault));
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  std::vector<Assignment> assignments;
  for (const auto& setting : settings) {
    if (!is_table(setting) && !is_so_already(*tree_, setting)) assignments.push_back({setting.path, setting.value, {}});
  }
  return set(assignments);
}

tl::expected<void, std::vector<ParameterFault>> DataModel::load(std::span<const Setting> settings) {
  if (exhausted())
    return tl::unexpected(std::vector{ParameterFault{{}, FaultCode::internal_error, "Too many changes follow"}});
  DataModel trial(tree_->copy());  // rows and values are refused together
  trial.refusals_ = refusals_;
  if (auto tried = trial.load_at_once(settings); !tried) return tried;
  return load_at_once(settings);
}

}  // namespace hnbemu::datamodel
