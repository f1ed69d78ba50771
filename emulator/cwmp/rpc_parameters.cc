#include <fmt/format.h>

#include <algorithm>

#include "cwmp/aliases.h"
#include "cwmp/rpc_handlers.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;
using datamodel::xsd_name;

constexpr std::string_view kSubscriber = "Subscriber";  // A.3.2.4, the one entry that an AccessList may have
// A list of paths multiplies what it reads: 9004 before memory is short.
constexpr std::size_t kMaxAnswerParameters = 100'000;

std::string_view management_server(const RpcContext& context) {
  return object_of(context.parameter_key_path);
}

}  // namespace

Body get_parameter_values(RpcContext& context, const Body& request) {
  GetParameterValuesResponse response;
  PathNames names(context.model, management_server(context));
  for (const auto& name : std::get<GetParameterValues>(request).names) {
    auto values = context.model.values(name);
    if (!values) return make_fault(values.error(), name);
    if (response.parameters.size() + values->size() > kMaxAnswerParameters) {
      return make_fault(FaultCode::resources_exceeded, fmt::format("more than {} parameters", kMaxAnswerParameters));
    }
    for (auto& value : *values) {
      response.parameters.push_back(
          {names.shown(std::move(value.path)), std::move(value.value), std::string(xsd_name(value.type))});
    }
  }
  return response;
}

Body set_parameter_values(RpcContext& context, const Body& request) {
  const auto& set = std::get<SetParameterValues>(request);
  if (auto fault = check_key("ParameterKey", set.parameter_key)) return std::move(*fault);
  std::vector<datamodel::Assignment> assignments;
  assignments.reserve(set.parameters.size());
  for (const auto& parameter : set.parameters) assignments.push_back({parameter.name, parameter.value, parameter.type});
  const bool creates = creates_instances(context.model, management_server(context));
  const auto done = creates ? set_creating(context.model, assignments) : context.model.set(assignments);
  if (done) {
    set_parameter_key(context, set.parameter_key);
    return SetParameterValuesResponse{context.set_status};
  }
  // A.3.2.1: one SetParameterValuesFault for each parameter at fault, under 9003.
  Fault fault = make_fault(FaultCode::invalid_arguments);
  for (const auto& error : done.error()) {
    const auto text = error.text.empty() ? std::string(fault_text(error.code)) : error.text;
    fault.set_parameter_values_faults.push_back({error.path, static_cast<int>(error.code), text});
  }
  return fault;
}

Body get_parameter_names(RpcContext& context, const Body& request) {
  const auto& get = std::get<GetParameterNames>(request);
  const auto names = context.model.names(get.path, get.next_level);
  if (!names) return make_fault(names.error(), get.path);
  GetParameterNamesResponse response;
  response.parameters.reserve(names->size());
  PathNames shown(context.model, management_server(context));
  for (const auto& name : *names) response.parameters.push_back({shown.shown(name.path), name.writable});
  return response;
}

Body set_parameter_attributes(RpcContext& context, const Body& request) {
  std::vector<datamodel::AttributesAssignment> assignments;
  for (const auto& parameter : std::get<SetParameterAttributes>(request).parameters) {
    datamodel::AttributesAssignment assignment{parameter.name, {}, {}};
    if (parameter.notification_change) {
      if (parameter.notification > datamodel::Attributes::kMaxNotification) {
        return make_fault(FaultCode::invalid_arguments, fmt::format("Notification {}", parameter.notification));
      }
      assignment.notification = static_cast<std::uint8_t>(parameter.notification);
    }
    if (parameter.access_list_change)
      assignment.subscriber = std::ranges::count(parameter.access_list, kSubscriber) > 0;
    assignments.push_back(std::move(assignment));
  }
  const auto done = context.model.set_attributes(assignments);
  if (!done) return make_fault(done.error());
  return SetParameterAttributesResponse{};
}

Body get_parameter_attributes(RpcContext& context, const Body& request) {
  GetParameterAttributesResponse response;
  PathNames names(context.model, management_server(context));
  for (const auto& name : std::get<GetParameterAttributes>(request).names) {
    auto attributes = context.model.attributes(name);
    if (!attributes) return make_fault(attributes.error(), name);
    if (response.parameters.size() + attributes->size() > kMaxAnswerParameters) {
      return make_fault(FaultCode::resources_exceeded, fmt::format("more than {} parameters", kMaxAnswerParameters));
    }
    for (auto& [path, has] : *attributes) {
      response.parameters.push_back({names.shown(std::move(path)), has.notification, {}});
      if (has.subscriber) response.parameters.back().access_list.emplace_back(kSubscriber);
    }
  }
  return response;
}

}  // namespace hnbemu::cwmp
