#include "datamodel/model_builder.h"

#include <algorithm>
#include <cctype>

#include "datamodel/path.h"

namespace hnbemu::datamodel {
namespace {

constexpr std::string_view kRowMark = "{i}.";

tl::unexpected<Error> wrong(std::string_view path, std::string_view what) {
  return fail(Cause::configuration, fmt::format("{}: {}", path, what));
}

// TR-106 3.1: an XML NCName without dots; vendor prefixes are X_<OUI or domain>_.
bool legal_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front()))) return false;
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c >= 0x80; });
}

}  // namespace

ModelBuilder::ModelBuilder(Typing typing) : model_(std::make_shared<Model>()) {
  model_->typing_ = typing;
  model_->objects_.emplace_back();
  model_->rows_.emplace_back();
}

void ModelBuilder::add_member(ObjectId object, Member member) {
  Object& parent = model_->objects_[object];
  parent.members.push_back(member);
  const auto at =
      std::lower_bound(parent.by_name.begin(), parent.by_name.end(), model_->name(member),
                       [&](std::uint32_t i, std::string_view n) { return model_->name(parent.members[i]) < n; });
  parent.by_name.insert(at, static_cast<std::uint32_t>(parent.members.size() - 1));
}

Result<ObjectId> ModelBuilder::child_object(ObjectId parent, std::string_view name, bool table, std::string_view path) {
  if (const auto found = model_->member(parent, name)) {
    if (!found->is_object) return wrong(path, fmt::format("'{}' is a parameter, not an object", name));
    if (model_->objects_[found->id].table && !table)
      return wrong(path, fmt::format("'{0}' is multi-instance: write {0}.{{i}}.", name));
    if (table && !model_->objects_[found->id].table)
      return wrong(path, fmt::format("'{}' is defined as a single object", name));
    return found->id;
  }
  if (!legal_name(name)) return wrong(path, fmt::format("'{}' is no name of an object", name));
  if (parent == kRootObject && !model_->objects_[kRootObject].members.empty())
    return wrong(path, fmt::format("a second root object; the first is '{}.'",
                                   model_->name(model_->objects_[kRootObject].members.front())));
  const auto id = static_cast<ObjectId>(model_->objects_.size());
  Object object;
  object.name = name;
  object.parent = parent;
  object.table = table;
  model_->objects_.push_back(std::move(object));
  add_member(parent, {true, id});
  return id;
}

Result<ObjectId> ModelBuilder::object_at(std::string_view path) {
  if (path.size() > kMaxPathLength) return wrong(path, fmt::format("longer than {} characters", kMaxPathLength));
  ObjectId object = kRootObject;
  std::size_t depth = 0;
  for (std::string_view rest = path; !rest.empty();) {
    if (++depth > kMaxDepth) return wrong(path, fmt::format("deeper than {} objects", kMaxDepth));
    const auto name = take_name(rest);
    const bool table = rest.starts_with(kRowMark);
    if (table) rest.remove_prefix(kRowMark.size());
    const auto child = child_object(object, name, table, path);
    if (!child) return child;
    object = *child;
  }
  return object;
}

Result<> ModelBuilder::add_object(const ObjectSpec& spec) {
  if (!spec.path.ends_with('.')) return wrong(spec.path, "an object's path ends in '.'");
  const auto id = object_at(spec.path);
  if (!id) return tl::unexpected(id.error());
  Object& object = model_->objects_[*id];
  if (spec.writable && !object.table) return wrong(spec.path, "a single object cannot be added or deleted");
  object.writable = spec.writable;
  object.max_rows = spec.max_rows;
  if (!spec.number_of_entries.empty()) counters_[*id] = spec.number_of_entries;
  return {};
}

Result<> ModelBuilder::add_parameter(ParameterSpec spec) {
  const std::size_t dot = spec.path.rfind('.');
  if (dot == std::string::npos || dot + 1 == spec.path.size())
    return wrong(spec.path, "a parameter's path is Object.Name");
  const std::string name = spec.path.substr(dot + 1);
  if (!legal_name(name)) return wrong(spec.path, fmt::format("'{}' is no name of a parameter", name));
  const auto object = object_at(std::string_view(spec.path).substr(0, dot + 1));
  if (!object) return tl::unexpected(object.error());
  if (model_->member(*object, name)) return wrong(spec.path, "defined twice");
  auto value = spec.value ? conform(spec.type, spec.facets, *spec.value) : zero_value(spec.type, spec.facets);
  if (!value) return wrong(spec.path, fmt::format("'{}' is no legal value of {}", *spec.value, xsd_name(spec.type)));

  Parameter parameter;
  parameter.name = name;
  parameter.object = *object;
  parameter.type = spec.type;
  parameter.writable = spec.writable;
  parameter.hidden = spec.hidden;
  parameter.forced_inform = spec.forced_inform;
  parameter.active_notify = spec.active_notify;
  parameter.facets = std::move(spec.facets);
  parameter.value = std::move(*value);
  model_->parameters_.push_back(std::move(parameter));
  add_member(*object, {false, static_cast<ParameterId>(model_->parameters_.size() - 1)});
  return {};
}

Result<RowId> ModelBuilder::row_of(RowId parent, ObjectId table, std::uint32_t instance, std::string_view path) {
  auto& rows = model_->tables_[Model::key(parent, table)];
  const auto at = std::lower_bound(rows.begin(), rows.end(), instance,
                                   [&](RowId row, std::uint32_t n) { return model_->rows_[row].instance < n; });
  if (at != rows.end() && model_->rows_[*at].instance == instance) return *at;
  const Object& object = model_->objects_[table];
  if (rows.size() >= object.max_rows)
    return wrong(path, fmt::format("'{}' has at most {} rows", object.name, object.max_rows));
  const auto id = static_cast<RowId>(model_->rows_.size());
  rows.insert(at, id);
  model_->rows_.push_back({table, parent, instance});
  return id;
}

Result<ModelBuilder::Place> ModelBuilder::row_at(std::string_view path) {
  Place place;
  for (std::string_view rest = path; !rest.empty();) {
    const auto name = take_name(rest);
    const auto member = model_->member(place.object, name);
    if (!member || !member->is_object) return wrong(path, fmt::format("there is no object '{}'", name));
    place.object = member->id;
    if (!model_->objects_[place.object].table) continue;
    const auto instance = instance_number(take_name(rest));
    if (!instance) return wrong(path, fmt::format("'{}' needs an instance number behind it", name));
    const auto row = row_of(place.row, place.object, *instance, path);
    if (!row) return tl::unexpected(row.error());
    place.row = *row;
  }
  return place;
}

Result<> ModelBuilder::add_row(std::string_view path) {
  const auto place = row_at(path);
  if (!place) return tl::unexpected(place.error());
  if (!path.ends_with('.') || !model_->objects_[place->object].table ||
      model_->rows_[place->row].table != place->object)
    return wrong(path, "not an instance of a multi-instance object, Table.1.");
  return {};
}

Result<ModelBuilder::ParameterPlace> ModelBuilder::parameter_at(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return wrong(path, "a parameter's path is Object.Name");
  const auto place = row_at(path.substr(0, dot + 1));
  if (!place) return tl::unexpected(place.error());
  const auto member = model_->member(place->object, path.substr(dot + 1));
  if (!member || member->is_object) return wrong(path, "there is no such parameter");
  return ParameterPlace{place->row, member->id};
}

Result<> ModelBuilder::check_parameter(std::string_view path) {
  const auto place = parameter_at(path);
  return place ? Result<>{} : tl::unexpected(place.error());
}

Result<> ModelBuilder::set_value(std::string_view path, std::string_view value) {
  const auto place = parameter_at(path);
  if (!place) return tl::unexpected(place.error());
  const Parameter& parameter = model_->parameters_[place->parameter];
  const auto legal = conform(parameter.type, parameter.facets, value);
  if (!legal) return wrong(path, fmt::format("'{}' is no legal value of {}", value, xsd_name(parameter.type)));
  model_->values_[Model::key(place->row, place->parameter)] = *legal;
  return {};
}

// TR-106 3.6.2: the parameter that counts a table's rows stands beside the table.
void ModelBuilder::link_counts() {
  for (ObjectId id = 1; id < model_->objects_.size(); ++id) {
    Object& table = model_->objects_[id];
    if (!table.table) continue;
    const auto given = counters_.find(id);
    const auto name = given == counters_.end() ? table.name + "NumberOfEntries" : given->second;
    const auto member = model_->member(table.parent, name);
    if (!member || member->is_object) continue;
    table.number_of_entries = member->id;
    model_->parameters_[member->id].counts = id;
  }
}

std::shared_ptr<const Model> ModelBuilder::build() {
  link_counts();
  return std::move(model_);
}

}  // namespace hnbemu::datamodel
