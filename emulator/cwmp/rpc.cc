#include "cwmp/rpc.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cwmp/codec.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;
using datamodel::xsd_name;

constexpr std::size_t kMaxParameterKey = 32;  // TR-069 A.3.2.1
constexpr std::size_t kMaxCommandKey = 32;
constexpr std::string_view kSubscriber = "Subscriber";  // A.3.2.4, the one entry that an AccessList may have
// A list of paths multiplies what it reads: 9004 before memory is short.
constexpr std::size_t kMaxAnswerParameters = 100'000;

// A.5.1
std::string_view standard_text(FaultCode code) {
  switch (code) {
    case FaultCode::method_not_supported:
      return "Method not supported";
    case FaultCode::request_denied:
      return "Request denied";
    case FaultCode::internal_error:
      return "Internal error";
    case FaultCode::invalid_arguments:
      return "Invalid arguments";
    case FaultCode::resources_exceeded:
      return "Resources exceeded";
    case FaultCode::invalid_parameter_name:
      return "Invalid parameter name";
    case FaultCode::invalid_parameter_type:
      return "Invalid parameter type";
    case FaultCode::invalid_parameter_value:
      return "Invalid parameter value";
    case FaultCode::non_writable_parameter:
      return "Attempt to set a non-writable parameter";
    case FaultCode::notification_rejected:
      return "Notification request rejected";
    default:
      return "Request denied";
  }
}

// In characters of UTF-8.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_client_fault(FaultCode code) {
  const auto number = static_cast<int>(code);
  return number == 9003 || (number >= 9005 && number <= 9008);
}

Body get_rpc_methods(RpcContext&, const Body&) {
  GetRpcMethodsResponse response;
  for (const auto& rpc : rpcs()) response.methods.emplace_back(rpc.name);
  return response;
}

Body get_parameter_values(RpcContext& context, const Body& request) {
  GetParameterValuesResponse response;
  for (const auto& name : std::get<GetParameterValues>(request).names) {
    auto values = context.model.values(name);
    if (!values) return make_fault(values.error(), name);
    if (response.parameters.size() + values->size() > kMaxAnswerParameters) {
      return make_fault(FaultCode::resources_exceeded, fmt::format("more than {} parameters", kMaxAnswerParameters));
    }
    for (auto& value : *values) {
      response.parameters.push_back({std::move(value.path), std::move(value.value), std::string(xsd_name(value.type))});
    }
  }
  return response;
}

Body set_parameter_values(RpcContext& context, const Body& request) {
  const auto& set = std::get<SetParameterValues>(request);
  if (length_of(set.parameter_key) > kMaxParameterKey) {
    return make_fault(FaultCode::invalid_arguments, "ParameterKey is longer than 32 characters");
  }
  std::vector<datamodel::Assignment> assignments;
  assignments.reserve(set.parameters.size());
  for (const auto& parameter : set.parameters) assignments.push_back({parameter.name, parameter.value, parameter.type});
  for (const auto& wanted : assignments) {
    const bool set_true = wanted.value == "1" || wanted.value == "true";
    if (!set_true || wanted.path != context.manners.not_ready_path) continue;
    Fault fault = make_fault(FaultCode::invalid_arguments);
    fault.set_parameter_values_faults.push_back(
        {wanted.path, static_cast<int>(FaultCode::invalid_parameter_value), context.manners.not_ready_text});
    return fault;
  }
  const auto done = context.model.set(assignments);
  if (done) {
    if (!context.parameter_key_path.empty()) context.model.update(context.parameter_key_path, set.parameter_key);
    return SetParameterValuesResponse{context.manners.set_status};
  }
  // A.3.2.1: one SetParameterValuesFault for each parameter at fault, under 9003.
  Fault fault = make_fault(FaultCode::invalid_arguments);
  for (const auto& error : done.error()) {
    const auto text = error.text.empty() ? std::string(standard_text(error.code)) : error.text;
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
  for (const auto& name : *names) response.parameters.push_back({name.path, name.writable});
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
  for (const auto& name : std::get<GetParameterAttributes>(request).names) {
    auto attributes = context.model.attributes(name);
    if (!attributes) return make_fault(attributes.error(), name);
    if (response.parameters.size() + attributes->size() > kMaxAnswerParameters) {
      return make_fault(FaultCode::resources_exceeded, fmt::format("more than {} parameters", kMaxAnswerParameters));
    }
    for (auto& [path, has] : *attributes) {
      response.parameters.push_back({std::move(path), has.notification, {}});
      if (has.subscriber) response.parameters.back().access_list.emplace_back(kSubscriber);
    }
  }
  return response;
}

Body reboot(RpcContext& context, const Body& request) {
  const auto& key = std::get<Reboot>(request).command_key;
  if (length_of(key) > kMaxCommandKey) {
    return make_fault(FaultCode::invalid_arguments, "CommandKey is longer than 32 characters");
  }
  context.effects.reboot = key;
  return RebootResponse{};
}

constexpr std::array kRpcs{
    Rpc{"GetRPCMethods", get_rpc_methods},
    Rpc{"SetParameterValues", set_parameter_values},
    Rpc{"GetParameterValues", get_parameter_values},
    Rpc{"GetParameterNames", get_parameter_names},
    Rpc{"SetParameterAttributes", set_parameter_attributes},
    Rpc{"GetParameterAttributes", get_parameter_attributes},
    Rpc{"Reboot", reboot},
};

}  // namespace

std::span<const Rpc> rpcs() {
  return kRpcs;
}

Body answer(RpcContext& context, const Body& request) {
  if (const auto* invalid = std::get_if<InvalidMessage>(&request)) {
    const bool known =
        std::any_of(kRpcs.begin(), kRpcs.end(), [&](const Rpc& rpc) { return rpc.name == invalid->name; });
    return known ? make_fault(FaultCode::invalid_arguments, invalid->problem)
                 : make_fault(FaultCode::method_not_supported, invalid->name);
  }
  const auto name = message_name(request);
  const auto found = std::find_if(kRpcs.begin(), kRpcs.end(), [&](const Rpc& rpc) { return rpc.name == name; });
  if (found == kRpcs.end()) return make_fault(FaultCode::method_not_supported, name);
  return found->handle(context, request);
}

Fault make_fault(FaultCode code, std::string_view text) {
  Fault fault;
  fault.soap_code = is_client_fault(code) ? "Client" : "Server";
  fault.code = static_cast<int>(code);
  fault.text = std::string(standard_text(code));
  if (!text.empty()) fault.text += fmt::format(": {}", text);
  return fault;
}

}  // namespace hnbemu::cwmp
