#include <fmt/format.h>

#include <algorithm>

#include "cwmp/rpc_handlers.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;

// In characters of UTF-8.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::optional<Fault> check_key(std::string_view name, std::string_view key) {
  if (length_of(key) <= kMaxKey) return std::nullopt;
  return make_fault(FaultCode::invalid_arguments, fmt::format("{} is longer than {} characters", name, kMaxKey));
}

void set_parameter_key(RpcContext& context, std::string_view key) {
  if (!context.parameter_key_path.empty()) context.model.update(context.parameter_key_path, key);
}

Body add_object(RpcContext& context, const Body& request) {
  const auto& add = std::get<AddObject>(request);
  if (auto fault = check_key("ParameterKey", add.parameter_key)) return std::move(*fault);
  const auto instance = context.model.add_object(add.object_name);
  if (!instance) return make_fault(instance.error(), add.object_name);
  set_parameter_key(context, add.parameter_key);
  return AddObjectResponse{*instance, 0};
}

Body delete_object(RpcContext& context, const Body& request) {
  const auto& remove = std::get<DeleteObject>(request);
  if (auto fault = check_key("ParameterKey", remove.parameter_key)) return std::move(*fault);
  const auto done = context.model.delete_object(remove.object_name);
  if (!done) return make_fault(done.error(), remove.object_name);
  set_parameter_key(context, remove.parameter_key);
  return DeleteObjectResponse{0};
}

Body reboot(RpcContext& context, const Body& request) {
  const auto& key = std::get<Reboot>(request).command_key;
  if (auto fault = check_key("CommandKey", key)) return std::move(*fault);
  auto& reboots = context.effects.reboots;
  if (reboots.size() == kMaxReboots) {
    return make_fault(FaultCode::resources_exceeded, fmt::format("{} Reboots in one session", kMaxReboots));
  }
  reboots.push_back(key);
  return RebootResponse{};
}

Body factory_reset(RpcContext& context, const Body&) {
  context.effects.factory_reset = true;
  return FactoryResetResponse{};
}

Body schedule_inform(RpcContext& context, const Body& request) {
  const auto& schedule = std::get<ScheduleInform>(request);
  if (auto fault = check_key("CommandKey", schedule.command_key)) return std::move(*fault);
  if (schedule.delay_seconds == 0) return make_fault(FaultCode::invalid_arguments, "DelaySeconds is 0");
  if (context.scheduled_informs >= kMaxScheduledInforms) {
    return make_fault(FaultCode::resources_exceeded, fmt::format("{} Informs are scheduled", kMaxScheduledInforms));
  }
  context.effects.schedule_inform = schedule;
  return ScheduleInformResponse{};
}

}  // namespace hnbemu::cwmp
