#include "datamodel/tree.h"

#include <fmt/format.h>

#include "datamodel/path.h"

namespace hnbemu::datamodel {

using Kind = Tree::Place::Kind;

Tree::Place Tree::below(const Place& place, const Member& member) const {
  if (!member.is_object) return {Kind::parameter, place.row, place.object, member.id};
  return {model_->object(member.id).table ? Kind::table : Kind::object, place.row, member.id, kNone};
}

std::optional<Tree::Place> Tree::find(std::string_view path) const {
  if (path.size() > kMaxPathLength) return std::nullopt;
  Place place;
  for (std::string_view rest = path; !rest.empty();) {
    const bool last = rest.find('.') == std::string_view::npos;
    const auto name = take_name(rest);
    if (place.kind == Kind::table) {
      const auto number = instance_number(name);
      const RowId row = number ? rows_.find(place.row, place.object, *number) : kNone;
      if (last || row == kNone) return std::nullopt;
      place = {Kind::object, row, place.object, kNone};
      continue;
    }
    const auto member = model_->member(place.object, name);
    if (!member || member->is_object == last) return std::nullopt;
    place = below(place, *member);
  }
  return place;
}

std::string Tree::value(RowId row, ParameterId id) const {
  const Parameter& parameter = model_->parameter(id);
  if (parameter.counts != kNone) return std::to_string(rows_.of(row, parameter.counts).size());
  const auto source = sources_.find(key(row, id));
  if (source == sources_.end() || source_depth_ == kMaxSourceDepth) return stored(row, id);
  ++source_depth_;
  auto live = conform(parameter.type, parameter.facets, source->second());
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

std::string Tree::stored(RowId row, ParameterId id) const {
  const auto found = values_.find(key(row, id));
  if (found != values_.end()) return found->second;
  return row < model_->row_count() ? model_->value(row, id) : model_->parameter(id).value;
}

bool Tree::assign(RowId row, ParameterId id, std::string text) {
  if (stored(row, id) == text) return false;
  const std::string& fresh = row < model_->row_count() ? model_->value(row, id) : model_->parameter(id).value;
  if (fresh == text) {
    values_.erase(key(row, id));
  } else {
    values_.insert_or_assign(key(row, id), std::move(text));
  }
  return true;
}

std::string Tree::path(RowId row, ParameterId id) const {
  const Parameter& parameter = model_->parameter(id);
  std::string path = parameter.name;
  for (ObjectId object = parameter.object; object != kRootObject; object = model_->object(object).parent) {
    const Object& here = model_->object(object);
    if (here.table) {
      path = fmt::format("{}.{}.{}", here.name, rows_.row(row).instance, path);
      row = rows_.row(row).parent;
    } else {
      path = fmt::format("{}.{}", here.name, path);
    }
  }
  return path;
}

Attributes Tree::attributes(RowId row, ParameterId parameter) const {
  const auto found = attributes_.find(key(row, parameter));
  return found == attributes_.end() ? Attributes{} : found->second;
}

bool Tree::set_attributes(RowId row, ParameterId parameter, Attributes attributes) {
  if (this->attributes(row, parameter) == attributes) return false;
  if (attributes == Attributes{}) {
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

void Tree::values(const Place& place, std::string& path, std::vector<ParameterValue>& out) const {
  const std::size_t length = path.size();
  if (place.kind == Kind::parameter) {
    const Parameter& parameter = model_->parameter(place.parameter);
    out.push_back({path, parameter.type,
                   parameter.hidden ? std::string(hidden_value(parameter.type)) : value(place.row, place.parameter)});
  } else if (place.kind == Kind::table) {
    for (const RowId row : rows_.of(place.row, place.object)) {
      fmt::format_to(std::back_inserter(path), "{}.", rows_.row(row).instance);
      values({Kind::object, row, place.object, kNone}, path, out);
      path.resize(length);
    }
  } else {
    for (const Member& member : model_->object(place.object).members) {
      path += model_->name(member);
      if (member.is_object) path += '.';
      values(below(place, member), path, out);
      path.resize(length);
    }
  }
}

void Tree::names(const Place& place, std::string& path, bool next_level, std::vector<ParameterName>& out) const {
  const std::size_t length = path.size();
  if (place.kind == Kind::table) {
    for (const RowId row : rows_.of(place.row, place.object)) {
      fmt::format_to(std::back_inserter(path), "{}.", rows_.row(row).instance);
      const Place child{Kind::object, row, place.object, kNone};
      out.push_back({path, writable(child)});
      if (!next_level) names(child, path, false, out);
      path.resize(length);
    }
  } else if (place.kind == Kind::object) {
    for (const Member& member : model_->object(place.object).members) {
      path += model_->name(member);
      if (member.is_object) path += '.';
      const Place child = below(place, member);
      out.push_back({path, writable(child)});
      if (!next_level) names(child, path, false, out);
      path.resize(length);
    }
  }
}

std::optional<std::uint32_t> Tree::add_row(const Place& table) {
  const RowId row = rows_.add(table.row, table.object);
  if (row == kNone) return std::nullopt;
  return rows_.row(row).instance;
}

void Tree::remove_row(RowId row) {
  for (const RowId gone : rows_.remove(row)) {
    for (const ParameterId parameter : model_->extent(rows_.row(gone).table).parameters) {
      values_.erase(key(gone, parameter));
      attributes_.erase(key(gone, parameter));
      sources_.erase(key(gone, parameter));
    }
  }
}

}  // namespace hnbemu::datamodel
