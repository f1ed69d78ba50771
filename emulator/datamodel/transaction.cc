// The writes of a DataModel: SetParameterValues and the device's own.
#include <algorithm>
#include <unordered_set>

#include "datamodel/data_model.h"
#include "datamodel/references.h"
#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

using Kind = Tree::Place::Kind;

// Without the prefix, which is whatever the ACS bound to XML Schema.
std::optional<Type> declared_type(std::string_view xsi_type) {
  const auto colon = xsi_type.find(':');
  return type_named(colon == std::string_view::npos ? xsi_type : xsi_type.substr(colon + 1));
}

std::optional<std::string> legal_value(const Tree& tree, RowId row, ParameterId id, std::string_view text) {
  const Parameter& parameter = tree.model().parameter(id);
  if (!parameter.reference) return conform(parameter.type, parameter.facets, text);
  const auto plain = canonical(parameter.type, text);
  const auto resolved = plain ? resolve_reference(tree, row, id, *plain) : std::nullopt;
  return resolved ? conform(parameter.type, parameter.facets, *resolved) : std::nullopt;
}

ParameterFault fault_of(const Tree& tree, const Assignment& assignment, FaultCode code) {
  switch (code) {
    case FaultCode::invalid_arguments:
      return {assignment.path, code, "Parameter is named twice"};
    case FaultCode::request_denied:
      return {assignment.path, code, "The ACS keeps it to itself: it took Subscriber out of its AccessList"};
    case FaultCode::invalid_parameter_name:
      return {assignment.path, code, "Invalid parameter name"};
    case FaultCode::non_writable_parameter:
      return {assignment.path, code, "Attempt to set a non-writable parameter"};
    case FaultCode::invalid_parameter_type:
      return {assignment.path, code,
              fmt::format("Invalid parameter type {}; it is {}", assignment.xsi_type,
                          xsd_name(tree.model().parameter(tree.find(assignment.path)->parameter).type))};
    case FaultCode::internal_error:
      return {assignment.path, code, "Too many changes follow from one"};
    default:
      return {assignment.path, code, "Invalid parameter value"};
  }
}

}  // namespace

struct DataModel::Write {
  RowId row = kNone;
  ParameterId parameter = kNone;
  std::string value;   // what is to be, and after a commit what was
  std::string path{};  // as the ACS has it

  std::string numbered(const Tree& tree) const {
    return path.find('[') == std::string::npos ? path : tree.path(row, parameter);
  }
};

tl::expected<DataModel::Write, FaultCode> DataModel::checked(const Assignment& assignment, Origin origin) const {
  if (exhausted()) return tl::unexpected(FaultCode::internal_error);
  const auto place = tree_->find(assignment.path);
  if (!place || place->kind != Kind::parameter) return tl::unexpected(FaultCode::invalid_parameter_name);
  const Parameter& parameter = tree_->model().parameter(place->parameter);
  if (parameter.counts != kNone || (!parameter.writable && origin == Origin::acs))
    return tl::unexpected(FaultCode::non_writable_parameter);
  if (origin == Origin::command && !tree_->attributes(place->row, place->parameter).subscriber)
    return tl::unexpected(FaultCode::request_denied);
  const bool type_fits = assignment.xsi_type.empty() || declared_type(assignment.xsi_type) == parameter.type;
  if (!type_fits && tree_->model().typing() == Typing::strict) return tl::unexpected(FaultCode::invalid_parameter_type);
  auto value = legal_value(*tree_, place->row, place->parameter, assignment.value);
  if (!value) return tl::unexpected(type_fits ? FaultCode::invalid_parameter_value : FaultCode::invalid_parameter_type);
  return Write{place->row, place->parameter, std::move(*value), assignment.path};
}

// Exchanges what is stored for what is to be. If keys are not unique then, all is as it was.
std::vector<ParameterFault> DataModel::apply(std::vector<Write>& writes) {
  const auto exchange = [this](Write& write) {
    if (tree_->model().parameter(write.parameter).command) return;
    auto before = tree_->stored(write.row, write.parameter);
    tree_->assign(write.row, write.parameter, std::exchange(write.value, std::move(before)));
  };
  std::ranges::for_each(writes, exchange);
  std::vector<ParameterFault> faults;
  for (const Write& write : writes) {
    const bool unique = std::ranges::all_of(tree_->model().parameter(write.parameter).keys,
                                            [&](KeyId key) { return tree_->keys().unique(write.row, key); });
    if (!unique)
      faults.push_back({write.path, FaultCode::invalid_parameter_value, "Another instance has the same unique key"});
  }
  if (!faults.empty()) std::ranges::for_each(writes, exchange);
  return faults;
}

tl::expected<void, std::vector<ParameterFault>> DataModel::set(std::span<const Assignment> assignments, Origin origin) {
  std::vector<Write> writes;
  std::vector<ParameterFault> faults;
  std::unordered_set<std::uint64_t> named;
  for (const Assignment& assignment : assignments) {
    const auto place = tree_->find(assignment.path);
    const bool twice = place && place->kind == Kind::parameter &&
                       !named.insert(std::uint64_t{place->row} << 32 | place->parameter).second;
    tl::expected<Write, FaultCode> write = tl::unexpected(FaultCode::invalid_arguments);
    if (!twice) write = checked(assignment, origin);
    if (write) {
      const auto refusal = origin != Origin::device ? refusals_.find(write->numbered(*tree_)) : refusals_.end();
      const auto why = refusal == refusals_.end() ? std::nullopt : refusal->second(write->value);
      if (why) faults.push_back({assignment.path, FaultCode::invalid_parameter_value, *why});
      writes.push_back(std::move(*write));
    } else {
      faults.push_back(fault_of(*tree_, assignment, write.error()));
    }
  }
  if (faults.empty()) faults = apply(writes);
  if (!faults.empty()) return tl::unexpected(std::move(faults));

  std::vector<Change> changes;
  for (const Write& write : writes) {
    const Parameter& parameter = tree_->model().parameter(write.parameter);
    if (parameter.command) {
      if (write.value != null_value(parameter.type))
        changes.push_back({tree_->path(write.row, write.parameter), write.value, origin, Change::Kind::command});
    } else if (auto now = tree_->stored(write.row, write.parameter);
               now != write.value || told_each_.contains(write.numbered(*tree_))) {
      changes.push_back({tree_->path(write.row, write.parameter), std::move(now), origin});
    }
  }
  tell(std::move(changes));
  return {};
}

bool DataModel::update(std::string_view path, std::string_view value) {
  const auto place = tree_->find(path);
  if (!place || place->kind != Kind::parameter || exhausted()) return false;
  const Parameter& parameter = tree_->model().parameter(place->parameter);
  auto legal = legal_value(*tree_, place->row, place->parameter, value);
  if (!legal || parameter.counts != kNone) return false;
  if (parameter.command) {
    if (*legal != null_value(parameter.type))
      tell({{tree_->path(*place), std::move(*legal), Origin::device, Change::Kind::command}});
  } else if (tree_->assign(place->row, place->parameter, *legal)) {
    tell({{tree_->path(*place), std::move(*legal), Origin::device}});
  }
  return true;
}

}  // namespace hnbemu::datamodel
