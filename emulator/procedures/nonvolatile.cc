#include "procedures/nonvolatile.h"

#include <algorithm>
#include <charconv>

namespace hnbemu::procedures {
namespace {

// A key is one of these and a path or a name.
constexpr std::string_view kAttributes = "attributes ";  // "2 Subscriber": notification, and who may write
constexpr std::string_view kValue = "value ";
constexpr std::string_view kRows = "rows ";
constexpr std::string_view kFact = "fact ";

std::string key_of(std::string_view kind, std::string_view name) {
  return std::string(kind).append(name);
}

// "7: 1 2 5": the last number given, then those of the rows.
std::string to_text(const datamodel::TableState& state) {
  return fmt::format("{}: {}", state.last_number, fmt::join(state.rows, " "));
}

std::optional<datamodel::TableState> table_state(std::string_view text) {
  datamodel::TableState state;
  const auto take = [&text](std::uint32_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc{};
  };
  if (!take(state.last_number) || !text.starts_with(": ")) return std::nullopt;
  text.remove_prefix(2);
  while (!text.empty()) {
    if (!take(state.rows.emplace_back())) return std::nullopt;
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return state;
}

bool restore_attributes(std::string_view path, std::string_view text, datamodel::DataModel& model) {
  if (text.size() < 3 || text[0] < '0' || text[0] > '0' + int{datamodel::Attributes::kMaxNotification}) return false;
  const datamodel::AttributesAssignment assignment{std::string(path), static_cast<std::uint8_t>(text[0] - '0'),
                                                   text.substr(2) == "Subscriber"};
  return model.set_attributes({&assignment, 1}).has_value();
}

bool restore_one(std::string_view key, const std::string& text, datamodel::DataModel& model) {
  if (key.starts_with(kValue)) return model.update(key.substr(kValue.size()), text);
  if (key.starts_with(kAttributes)) return restore_attributes(key.substr(kAttributes.size()), text, model);
  if (!key.starts_with(kRows)) return false;
  const auto state = table_state(text);
  return state && model.restore_table(key.substr(kRows.size()), *state);
}

using Keys = std::set<std::string, std::less<>>;
using Pending = std::map<std::string, std::optional<std::string>>;

void forget(Keys& keys, const std::string& prefix, Pending& pending) {
  for (auto key = keys.lower_bound(prefix); key != keys.end() && key->starts_with(prefix);) {
    pending[*key] = std::nullopt;
    key = keys.erase(key);
  }
}

}  // namespace

// The order of the keys puts a table before the tables in its rows, and an object's attributes before those below it;
// what belongs to a parameter comes after all tables.
std::vector<std::string> NonVolatile::restore(const Memory& memory, datamodel::DataModel& model) {
  std::vector<std::string> useless;
  std::vector<std::pair<std::string, std::string>> entries(memory.begin(), memory.end());
  std::stable_partition(entries.begin(), entries.end(),
                        [](const auto& entry) { return entry.first.starts_with(kRows); });
  for (const auto& [key, text] : entries) {
    if (key.starts_with(kFact)) {
      facts_.emplace(key.substr(kFact.size()), text);
    } else if (restore_one(key, text, model)) {
      keys_.insert(key);
    } else {
      useless.push_back(key);
      pending_[key] = std::nullopt;
    }
  }
  return useless;
}

const std::string& NonVolatile::fact(std::string_view name) const {
  static const std::string none;
  const auto found = facts_.find(name);
  return found == facts_.end() ? none : found->second;
}

void NonVolatile::watch(datamodel::DataModel& model) {
  model.observe([this, &model](std::span<const datamodel::Change> changes) {
    // What comes with a row that came or went is its table's NumberOfEntries: not a fact of its own.
    using Kind = datamodel::Change::Kind;
    const auto is_row = [](const auto& change) { return change.kind == Kind::added || change.kind == Kind::deleted; };
    const bool rows = std::ranges::any_of(changes, is_row);
    for (const auto& change : changes) {
      if (!rows || is_row(change)) on_change(model, change);
    }
  });
}

bool NonVolatile::is_kept(std::string_view path) const {
  const auto after = kept_.upper_bound(path);
  if (after == kept_.begin()) return false;
  const std::string& kept = *std::prev(after);
  return kept == path || (kept.ends_with('.') && path.starts_with(kept));
}

void NonVolatile::on_change(const datamodel::DataModel& model, const datamodel::Change& change) {
  using Kind = datamodel::Change::Kind;
  if (change.kind == Kind::command) return;
  if (change.kind == Kind::attributes) {
    if (change.path.ends_with('.')) forget(keys_, key_of(kAttributes, change.path), pending_);
    put(key_of(kAttributes, change.path), change.value);
    return;
  }
  if (change.kind == Kind::value) {
    auto key = key_of(kValue, change.path);
    const bool own = change.origin == datamodel::Origin::device;
    if (!own || is_kept(change.path) || keys_.contains(key)) put(std::move(key), change.value);
    return;
  }
  if (change.kind == Kind::deleted) forget_below(change.path);
  const auto table = change.path.substr(0, change.path.rfind('.', change.path.size() - 2) + 1);
  auto key = key_of(kRows, table);
  if (change.origin == datamodel::Origin::device && !keys_.contains(key)) return;
  if (const auto state = model.table_state(table)) put(std::move(key), to_text(*state));
}

void NonVolatile::forget_below(const std::string& path) {
  for (const auto kind : {kAttributes, kRows, kValue}) forget(keys_, key_of(kind, path), pending_);
}

void NonVolatile::put(std::string key, std::optional<std::string> value) {
  keys_.insert(key);
  pending_[std::move(key)] = std::move(value);
}

void NonVolatile::set_fact(const std::string& name, std::string value) {
  if (fact(name) == value) return;
  pending_[key_of(kFact, name)] = value.empty() ? std::nullopt : std::optional(value);
  facts_[name] = std::move(value);
}

void NonVolatile::forget_all() {
  pending_.clear();  // what it says and was not committed is in keys_ or facts_
  for (const auto& key : std::exchange(keys_, {})) pending_[key] = std::nullopt;
  for (const auto& [name, value] : std::exchange(facts_, {})) pending_[key_of(kFact, name)] = std::nullopt;
}

Task<Result<>> NonVolatile::commit() {
  if (pending_.empty()) co_return Result<>{};
  const auto taken = std::exchange(pending_, {});
  const auto number = ++commits_;
  std::vector<StoreWrite> writes;
  for (const auto& [key, value] : taken) {
    writes.push_back({key, value});
    under_way_[key] = number;
  }
  auto committed = co_await store_.commit(std::move(writes), clock_.now() + kCommitLimit);
  for (const auto& [key, value] : taken) {
    const auto last = under_way_.find(key);
    if (last == under_way_.end() || last->second != number) continue;  // a newer commit has it
    under_way_.erase(last);
    if (!committed) pending_.try_emplace(key, value);  // what is newer stays
  }
  co_return committed;
}

}  // namespace hnbemu::procedures
