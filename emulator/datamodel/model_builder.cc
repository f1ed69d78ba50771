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

Result<> check_facets(const ParameterSpec& spec) {
  for (const Pattern& pattern : spec.facets.patterns) {
    if (!pattern.error().empty())
      return wrong(spec.path, fmt::format("pattern '{}': {}", pattern.text(), pattern.error()));
  }
  return {};
}

// Whether the rows that `target` has "{i}" for are around `path`.
bool in_rows_of(std::string_view target, std::string_view path) {
  const auto last = target.rfind(kRowMark);
  return last == std::string_view::npos || path.starts_with(target.substr(0, last + kRowMark.size()));
}

Result<> check_reference(const ParameterSpec& spec) {
  if (!spec.reference || spec.reference->kind == Reference::Kind::path) return {};
  const auto& targets = spec.reference->targets;
  if (targets.size() != 1) return wrong(spec.path, "a reference of this kind has one target");
  if (!in_rows_of(targets.front(), spec.path))
    return wrong(spec.path, fmt::format("'{}' is in rows that are not around this parameter", targets.front()));
  return {};
}

}  // namespace

ModelBuilder::ModelBuilder(Typing typing, ActiveRequests active) : model_(std::make_shared<Model>()) {
  model_->typing_ = typing;
  model_->active_requests_ = active;
  model_->objects_.emplace_back();
  model_->rows_.emplace_back();
}

void ModelBuilder::add_member(ObjectId object, Member member) {
  Object& parent = model_->objects_[object];
  parent.members.push_back(member);
  const Object::Named named{std::hash<std::string_view>{}(model_->name(member)),
                            static_cast<std::uint32_t>(parent.members.size() - 1)};
  parent.by_name.insert(std::ranges::upper_bound(parent.by_name, named.hash, {}, &Object::Named::hash), named);
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
  const bool of_table = spec.writable || spec.min_rows > 0 || !spec.unique_keys.empty();
  if (of_table && !object.table) return wrong(spec.path, "a single object has no rows to add, delete or tell apart");
  if (spec.min_rows > spec.max_rows || spec.min_rows > kMaxMinRows)
    return wrong(spec.path, fmt::format("{} rows at least are too many", spec.min_rows));
  object.writable = spec.writable;
  object.min_rows = spec.min_rows;
  object.max_rows = spec.max_rows;
  objects_[*id] = spec;
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
  if (auto good = check_facets(spec); !good) return good;
  if (auto good = check_reference(spec); !good) return good;
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
  parameter.command = spec.command;
  parameter.reference = std::move(spec.reference);
  const auto id = static_cast<ParameterId>(model_->parameters_.size());
  if (spec.value) with_value_.insert(id);
  if (parameter.reference && parameter.reference->strong) model_->strong_references_.push_back(id);
  model_->parameters_.push_back(std::move(parameter));
  add_member(*object, {false, id});
  return {};
}

Result<RowId> ModelBuilder::row_of(RowId parent, ObjectId table, std::uint32_t instance, std::string_view path) {
  auto& rows = model_->tables_[Model::place(parent, table)];
  const auto at = std::lower_bound(rows.begin(), rows.end(), instance,
                                   [&](RowId row, std::uint32_t n) { return model_->rows_[row].instance < n; });
  if (at != rows.end() && model_->rows_[*at].instance == instance) return *at;
  const Object& object = model_->objects_[table];
  if (rows.size() >= object.max_rows)
    return wrong(path, fmt::format("'{}' has at most {} rows", object.name, object.max_rows));
  const auto id = static_cast<RowId>(model_->rows_.size());
  if (id == kMaxFreshRows) return wrong(path, fmt::format("more than {} rows", kMaxFreshRows));
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
  model_->values_[Model::place(place->row, place->parameter)] = *legal;
  return {};
}

}  // namespace hnbemu::datamodel
