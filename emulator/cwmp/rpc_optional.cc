#include <fmt/format.h>

#include "cwmp/rpc_handlers.h"

namespace hnbemu::cwmp {

using datamodel::FaultCode;

Body set_vouchers(RpcContext& context, const Body& request) {
  const auto& optional = *context.optional;
  const auto done = optional.options->apply(std::get<SetVouchers>(request), *context.device_id, context.now);
  if (!done) return make_fault(done.error().code, done.error().why);
  return SetVouchersResponse{};
}

Body get_options(RpcContext& context, const Body& request) {
  const auto& name = std::get<GetOptions>(request).option_name;
  GetOptionsResponse response{context.optional->options->told(name, context.now)};
  if (!name.empty() && response.options.empty()) return make_fault(FaultCode::invalid_arguments, "OptionName");
  return response;
}

Body change_du_state(RpcContext& context, const Body& request) {
  const auto& change = std::get<ChangeDuState>(request);
  if (auto fault = check_key("CommandKey", change.command_key)) return std::move(*fault);
  const auto done = context.optional->deployment_units->change(change, context.now);
  if (!done) return make_fault(done.error(), "Operations");
  return ChangeDuStateResponse{};
}

}  // namespace hnbemu::cwmp
