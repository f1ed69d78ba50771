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

bool has(const RpcContext& context, const Rpc& rpc) {
  if (rpc.since > context.version) return false;
  return !rpc.optional || (context.optional != nullptr &&
                           std::ranges::find(context.optional->listed, rpc.name) != context.optional->listed.end());
}

Body get_rpc_methods(RpcContext& context, const Body&) {
  GetRpcMethodsResponse response;
  for (const auto& rpc : rpcs()) {
    if (has(context, rpc)) response.methods.emplace_back(rpc.name);
  }
  return response;
}

using enum Version;

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
    Rpc{"Download", download},
    Rpc{"Upload", upload},
    Rpc{"GetQueuedTransfers", get_queued_transfers},
    Rpc{"GetAllQueuedTransfers", get_all_queued_transfers, v1_1},
    Rpc{"ScheduleDownload", schedule_download, v1_2},
    Rpc{"CancelTransfer", cancel_transfer, v1_2},
    Rpc{"SetVouchers", set_vouchers, v1_0, true},
    Rpc{"GetOptions", get_options, v1_0, true},
    Rpc{"ChangeDUState", change_du_state, v1_2, true},
};

const Rpc* find_rpc(const RpcContext& context, std::string_view name) {
  const auto* const found = std::ranges::find(kRpcs, name, &Rpc::name);
  return found != kRpcs.end() && has(context, *found) ? found : nullptr;
}

}  // namespace

std::span<const Rpc> rpcs() {
  return kRpcs;
}

Body answer(RpcContext& context, const Body& request) {
  if (const auto* invalid = std::get_if<InvalidMessage>(&request)) {
    return find_rpc(context, invalid->name) != nullptr ? make_fault(FaultCode::invalid_arguments, invalid->problem)
                                                       : make_fault(FaultCode::method_not_supported, invalid->name);
  }
  const auto name = message_name(request);
  const auto* const found = find_rpc(context, name);
  if (found == nullptr) return make_fault(FaultCode::method_not_supported, name);
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
    case FaultCode::download_failure:
      return "File transfer failure";
    case FaultCode::upload_failure:
      return "Upload failure";
    case FaultCode::file_server_authentication:
      return "File transfer server authentication failure";
    case FaultCode::unsupported_protocol:
      return "Unsupported protocol for file transfer";
    case FaultCode::multicast_group:
      return "File transfer failure: unable to join multicast group";
    case FaultCode::cannot_contact_file_server:
      return "File transfer failure: unable to contact file server";
    case FaultCode::cannot_access_file:
      return "File transfer failure: unable to access file";
    case FaultCode::cannot_complete_download:
      return "File transfer failure: unable to complete download";
    case FaultCode::file_corrupted:
      return "File transfer failure: file corrupted or otherwise unusable";
    case FaultCode::file_authentication:
      return "File transfer failure: file authentication failure";
    case FaultCode::outside_time_windows:
      return "File transfer failure: unable to complete download within specified time windows";
    case FaultCode::cancel_not_permitted:
      return "Cancelation of file transfer not permitted in current transfer state";
  }
  return "Request denied";
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
