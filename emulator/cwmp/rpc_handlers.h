#pragma once

#include "cwmp/rpc.h"

// The handlers of the registry in rpc.cc, one for each method of the device (TR-069 A.3.1, A.3.2, A.4.1).
namespace hnbemu::cwmp {

Body get_parameter_values(RpcContext& context, const Body& request);
Body set_parameter_values(RpcContext& context, const Body& request);
Body get_parameter_names(RpcContext& context, const Body& request);
Body set_parameter_attributes(RpcContext& context, const Body& request);
Body get_parameter_attributes(RpcContext& context, const Body& request);
Body add_object(RpcContext& context, const Body& request);
Body delete_object(RpcContext& context, const Body& request);
Body reboot(RpcContext& context, const Body& request);
Body factory_reset(RpcContext& context, const Body& request);
Body schedule_inform(RpcContext& context, const Body& request);
Body download(RpcContext& context, const Body& request);
Body upload(RpcContext& context, const Body& request);
Body schedule_download(RpcContext& context, const Body& request);
Body cancel_transfer(RpcContext& context, const Body& request);
Body get_queued_transfers(RpcContext& context, const Body& request);
Body get_all_queued_transfers(RpcContext& context, const Body& request);
Body set_vouchers(RpcContext& context, const Body& request);
Body get_options(RpcContext& context, const Body& request);
Body change_du_state(RpcContext& context, const Body& request);

inline constexpr std::size_t kMaxKey = 32;  // of a ParameterKey (A.3.2.1) or CommandKey, in characters
// What is wrong with a key; nothing if it is short enough.
std::optional<Fault> check_key(std::string_view name, std::string_view key);
// A.3.2.1, A.3.2.6, A.3.2.7: the key of the last change that the ACS made.
void set_parameter_key(RpcContext& context, std::string_view key);

}  // namespace hnbemu::cwmp
