#include "cwmp/rpc.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cwmp/codec.h"
#include "cwmp/rpc_handlers.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;

bool is_client_fault(FaultCode code) {
  const auto number = static_cast<int>(code);
  return number == 9003 || (number >= 9005 && number <= 9008);
}

Body get_rpc_methods(RpcContext&, const Body&) {
  GetRpcMethodsResponse response;
  for (const auto& rpc : rpcs()) response.methods.emplace_back(rpc.name);
  return response;
}

constexpr std::array kRpcs{
    Rpc{"GetRPCMethods", get_rpc_methods},
    Rpc{"SetParameterValues", set_parameter_values},
    Rpc{"GetParameterValues", get_parameter_values},
    Rpc{"GetParameterNames", get_parameter_names},
    Rpc{"SetParameterAttributes", set_parameter_attributes},
    Rpc{"GetParameterAttributes", get_parameter_attributes},
    Rpc{"AddObject", add_object},
    Rpc{"DeleteObject", delete_object},
    Rpc{"Reboot", reboot},
    Rpc{"FactoryReset", factory_reset},
    Rpc{"ScheduleInform", schedule_inform},
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

std::string_view fault_text(FaultCode code) {
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

Fault make_fault(FaultCode code, std::string_view text) {
  Fault fault;
  fault.soap_code = is_client_fault(code) ? "Client" : "Server";
  fault.code = static_cast<int>(code);
  fault.text = std::string(fault_text(code));
  if (!text.empty()) fault.text += fmt::format(": {}", text);
  return fault;
}

}  // namespace hnbemu::cwmp
