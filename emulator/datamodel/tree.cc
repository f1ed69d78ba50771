#include "datamodel/tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "datamodel/path.h"

namespace hnbemu::datamodel {

using Kind = Tree::Place::Kind;

namespace {

void append_number(std::string& path, std::uint32_t instance) {
  const fmt::format_int digits(instance);
  path.append(digits.data(), digits.size()) += '.';
}

}  // namespace

Tree::Place Tree::below(const Place& place, const Member& member) const {
  if (!member.is_object) return {Kind::parameter, place.row, place.object, member.id};
  return {model_->object(member.id).table ? Kind::table : Kind::object, place.row, member.id, kNone};
}

RowId Tree::find_row(const Place& table, std::string_view name) const {
  if (const auto number = instance_number(name)) return rows_.find(table.row, table.object, *number);
  const auto alias = instance_alias(name);
  const KeyId key = model_->object(table.object).alias;
  return alias && key != kNone ? keys_.find(table.row, key, *alias) : kNone;
}

std::optional<Tree::Place> Tree::find(std::string_view path) const {
  if (path.size() > kMaxPathLength) return std::nullopt;
  Place place;
  for (std::string_view rest = path; !rest.empty();) {
    const auto name = take_name(rest);
    const bool last = rest.empty() && !path.ends_with('.');
    if (place.kind == Kind::table) {
      const RowId row = last ? kNone : find_row(place, name);
      if (row == kNone) return std::nullopt;
      place = {Kind::object, row, place.object, kNone};
      continue;
    }
    const auto member = model_->member(place.object, name);
    if (!member || member->is_object == last) return std::nullopt;
    place = below(place, *member);
    if (place.kind == Kind::parameter && !last) return std::nullopt;
  }
  return place;
}

std::string Tree::path(const Place& place) const {
  constexpr std::size_t kUsualLength = 128;
  std::string path;
  path.reserve(kUsualLength);
  append_object(path, place.object, place.row, place.kind != Kind::table);
  if (place.kind == Kind::parameter) path += model_->parameter(place.parameter).name;
  return path;
}

// At most kMaxDepth deep. `numbered`: of a table, the row too.
void Tree::append_object(std::string& path, ObjectId id, RowId row, bool numbered) const {
  if (id == kRootObject) return;
  const Object& object = model_->object(id);
  const bool in_row = object.table && numbered;
  append_object(path, object.parent, in_row ? rows_.row(row).parent : row, true);
  path.append(object.name) += '.';
  if (in_row) append_number(path, rows_.row(row).instance);
}

std::string Tree::path(RowId row, ParameterId id) const {
  return path({Kind::parameter, row, model_->parameter(id).object, id});
}

std::string Tree::value(RowId row, ParameterId id) const {
  const Parameter& parameter = model_->parameter(id);
  if (parameter.command) return std::string(null_value(parameter.type));
  if (parameter.counts != kNone) return std::to_string(rows_.of(row, parameter.counts).size());
  const auto source = sources_.find(key(row, id));
  if (source == sources_.end() || source_depth_ == kMaxSourceDepth) return stored(row, id);
  ++source_depth_;
  auto text = source->second();
  auto live = conform(parameter.type, parameter.facets, text);
  // TR-106 3.2.1: a definition may want local time, which says by how much it is ahead of UTC.
  if (live && parameter.type == Type::date_time) live = std::move(text);
  --source_depth_;
  return live ? std::move(*live) : stored(row, id);
}

void Tree::set_source(RowId row, ParameterId id, Source source) {
  if (source) {
    sources_.insert_or_assign(key(row, id), std::move(source));
  } else {
    sources_.erase(key(row, id));
  }
}

std::string Tree::fresh(RowId row, ParameterId id) const {
  if (row < model_->row_count()) {
    if (const auto* own = model_->value(row, id)) return *own;
  }
  const Parameter& parameter = model_->parameter(id);
  return parameter.generated ? fmt::format("{}{}", kGeneratedPrefix, rows_.row(row).instance) : parameter.value;
}

std::string Tree::stored(RowId row, ParameterId id) const {
  const auto found = values_.find(key(row, id));
  return found != values_.end() ? found->second : fresh(row, id);
}

bool Tree::assign(RowId row, ParameterId id, std::string text) {
  if (stored(row, id) == text) return false;
  const auto& keys = model_->parameter(id).keys;
  keys_.forget(row, keys);
  if (fresh(row, id) == text) {
    values_.erase(key(row, id));
  } else {
    values_.insert_or_assign(key(row, id), std::move(text));
  }
  keys_.learn(row, keys);
  return true;
}

// TR-106 activeNotify: some are notified of before anybody asks.
Attributes Tree::fresh_attributes(ParameterId parameter) const {
  const auto active = model_->parameter(parameter).active_notify;
  const bool on = active == ActiveNotify::force_enabled || active == ActiveNotify::force_default_enabled;
  return {static_cast<std::uint8_t>(on ? Attributes::kMaxNotification : 0), true};
}

Attributes Tree::attributes(RowId row, ParameterId parameter) const {
  const auto found = attributes_.find(key(row, parameter));
  return found == attributes_.end() ? fresh_attributes(parameter) : found->second;
}

bool Tree::set_attributes(RowId row, ParameterId parameter, Attributes attributes) {
  if (this->attributes(row, parameter) == attributes) return false;
  if (attributes == fresh_attributes(parameter)) {
    attributes_.erase(key(row, parameter));
  } else {
    attributes_[key(row, parameter)] = attributes;
  }
  return true;
}

bool Tree::writable(const Place& place) const {
  if (place.kind == Kind::parameter) return model_->parameter(place.parameter).writable;
  return model_->object(place.object).writable;
}

void Tree::walk(const Place& place, std::string& path, bool next_level, const Visit& visit) const {
  const auto enter = [&](const Place& child, std::size_t length) {
    visit(child);
    if (!next_level && child.kind != Kind::parameter) walk(child, path, false, visit);
    path.resize(length);
  };
  const std::size_t length = path.size();
  if (place.kind == Kind::parameter) {
    visit(place);
  } else if (place.kind == Kind::table) {
    for (const RowId row : rows_.of(place.row, place.object)) {
      append_number(path, rows_.row(row).instance);
      enter({Kind::object, row, place.object, kNone}, length);
    }
  } else {
    for (const Member& member : model_->object(place.object).members) {
      path += model_->name(member);
      if (member.is_object) path += '.';
      enter(below(place, member), length);
    }
  }
}

RowId Tree::add_row(const Place& table) {
  const RowId row = rows_.add(table.row, table.object);
  if (row != kNone) keys_.learn(row, model_->object(table.object).keys);
  return row;
}

void Tree::remove_row(RowId row) {
  keys_.forget(row, model_->object(rows_.row(row).table).keys);
  for (const RowId gone : rows_.remove(row)) {
    const auto extent = model_->extent(rows_.row(gone).table);
    for (const ParameterId parameter : extent.parameters) {
      values_.erase(key(gone, parameter));
      attributes_.erase(key(gone, parameter));
      sources_.erase(key(gone, parameter));
    }
    for (const ObjectId table : extent.tables) keys_.drop(gone, model_->object(table).keys);
  }
}

void Tree::reset() {
  std::erase_if(sources_, [&](const auto& source) { return (source.first >> 32) >= model_->row_count(); });
  values_ = factory_values_;
  attributes_.clear();
  rows_.reset();
  keys_.clear();
}

std::optional<std::vector<std::string>> Tree::restore_table(const Place& table, const TableState& state) {
  if (!rows_.allowed(table.object, state)) return std::nullopt;
  std::vector<RowId> gone;
  for (const RowId row : rows_.of(table.row, table.object)) {
    if (!std::ranges::binary_search(state.rows, rows_.row(row).instance)) gone.push_back(row);
  }
  std::vector<std::string> paths;
  for (const RowId row : gone) {
    paths.push_back(path({Kind::object, row, table.object, kNone}));
    remove_row(row);
  }
  rows_.restore(table.row, table.object, state);
  keys_.drop(table.row, model_->object(table.object).keys);
  return paths;
}

}  // namespace hnbemu::datamodel
