#include "tr106/specs.h"

#include <algorithm>
#include <iterator>

#include "tr106/parameter_line.h"

namespace hnbemu::tr106 {
namespace {

datamodel::Size size_of(const Size& size) {
  return {size.min, size.max.value_or(UINT32_MAX)};
}

// A target that begins outside of what the document knows means nothing to a device.
std::optional<datamodel::Reference> reference_of(const std::optional<Reference>& reference) {
  if (!reference) return std::nullopt;
  datamodel::Reference converted{reference->kind, reference->strong, reference->target, {}, reference->null_value};
  for (const auto& target : reference->targets) {
    if (!target.starts_with('#') && !target.starts_with('.')) converted.targets.push_back(target);
  }
  if (converted.targets.empty() && !(reference->kind == Reference::Kind::path && reference->targets.empty()))
    return std::nullopt;
  return converted;
}

datamodel::Facets facets_of(const Syntax& syntax) {
  datamodel::Facets facets;
  if (syntax.item.base != BaseType::decimal) {
    for (const auto& range : syntax.item.ranges)
      facets.ranges.push_back({datamodel::Integer::parse(range.min), datamodel::Integer::parse(range.max)});
  }
  std::ranges::transform(syntax.item.sizes, std::back_inserter(facets.sizes), size_of);
  std::ranges::transform(syntax.item.enumeration, std::back_inserter(facets.enumeration), &Enumeration::value);
  for (const auto& pattern : syntax.item.patterns) facets.patterns.emplace_back(pattern.value);
  if (!syntax.list) return facets;
  facets.list_items = size_of(syntax.list->items);
  if (!syntax.list->sizes.empty()) facets.list_size = size_of(syntax.list->sizes.front());
  facets.item_type = cwmp_type(syntax.item.base);
  return facets;
}

}  // namespace

datamodel::Type cwmp_type(BaseType type) {
  switch (type) {
    case BaseType::base64:
      return datamodel::Type::base64;
    case BaseType::boolean:
      return datamodel::Type::boolean;
    case BaseType::date_time:
      return datamodel::Type::date_time;
    case BaseType::hex_binary:
      return datamodel::Type::hex_binary;
    case BaseType::int_:
      return datamodel::Type::int_;
    case BaseType::integer:
    case BaseType::long_:
      return datamodel::Type::long_;
    case BaseType::unsigned_int:
      return datamodel::Type::unsigned_int;
    case BaseType::unsigned_long:
      return datamodel::Type::unsigned_long;
    case BaseType::any:
    case BaseType::decimal:
    case BaseType::string:
      break;
  }
  return datamodel::Type::string;
}

datamodel::ObjectSpec object_spec(const Object& object) {
  datamodel::ObjectSpec spec;
  spec.path = object.path;
  if (!object.table()) return spec;
  spec.writable = object.writable;
  spec.min_rows = object.min_entries;
  spec.max_rows = object.max_entries.value_or(datamodel::kNone);
  spec.number_of_entries = object.number_of_entries;
  spec.enable_parameter = object.enable;
  for (const auto& key : object.keys) spec.unique_keys.push_back({key.parameters, key.functional});
  return spec;
}

datamodel::ParameterSpec parameter_spec(const std::string& object_path, const Parameter& parameter) {
  const Syntax& syntax = parameter.syntax;
  datamodel::ParameterSpec spec;
  spec.path = object_path + parameter.name;
  spec.type = syntax.list ? datamodel::Type::string : cwmp_type(syntax.item.base);
  spec.writable = parameter.access != Access::read_only;
  spec.hidden = syntax.hidden || syntax.secured;
  spec.command = syntax.command;
  spec.forced_inform = parameter.forced_inform;
  spec.active_notify = parameter.active_notify;
  spec.facets = facets_of(syntax);
  spec.reference = reference_of(syntax.item.reference);
  if (syntax.value && syntax.value->kind != Default::Kind::parameter) spec.value = syntax.value->value;
  return spec;
}

Result<datamodel::ParameterSpec> parse_spec(const std::string& path, std::string_view line) {
  const auto dot = path.rfind('.') + 1;
  const auto parameter = parse_parameter(path.substr(dot), line);
  if (!parameter) return tl::unexpected(parameter.error());
  return parameter_spec(path.substr(0, dot), *parameter);
}

void leave_out_what_is_wrong(datamodel::ParameterSpec& spec) {
  if (std::ranges::any_of(spec.facets.patterns, [](const auto& pattern) { return !pattern.error().empty(); }))
    spec.facets.patterns.clear();
  if (spec.value && !datamodel::conform(spec.type, spec.facets, *spec.value)) spec.value.reset();
}

Result<> add_to(datamodel::ModelBuilder& builder, const Document& document) {
  for (const auto& model : document.models) {
    for (const auto& object : model.objects) {
      if (object.path.empty()) continue;
      if (auto added = builder.add_object(object_spec(object)); !added) return added;
      for (const auto& parameter : object.parameters) {
        auto spec = parameter_spec(object.path, parameter);
        leave_out_what_is_wrong(spec);
        if (auto added = builder.add_parameter(std::move(spec)); !added) return added;
      }
    }
  }
  return {};
}

}  // namespace hnbemu::tr106
