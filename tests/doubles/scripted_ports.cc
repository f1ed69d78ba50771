#include "doubles/scripted_ports.h"

namespace hnbemu::doubles {

Task<Result<std::vector<IpAddress>>> ScriptedResolver::resolve(std::string name, Path path, Deadline) {
  const auto fault = calls_.next("resolve " + name);
  const auto answered = co_await clock_.sleep_until(clock_.now() + kAnswerTime);
  if (!answered) co_return tl::unexpected(answered.error());
  if (fault) co_return tl::unexpected(*fault);
  const auto found = names_.find({path.plane, name});
  if (found == names_.end()) co_return fail(Cause::dns_no_such_name, name);
  co_return found->second;
}

Task<Result<TunnelState>> ScriptedTunnel::establish(TunnelRequest request, Deadline deadline) {
  const auto fault = calls_.next("establish " + request.name);
  const bool answers = !silent.contains(request.gateway);
  const auto answered = co_await clock_.sleep_until(answers ? clock_.now() + kAnswerTime : deadline);
  if (!answered) co_return tl::unexpected(answered.error());
  if (!answers) co_return fail(Cause::ike_no_answer, request.gateway.to_string());
  if (fault) co_return tl::unexpected(*fault);
  ++established_;
  TunnelState state{
      request.name, request.gateway, IpAddress::v4(0x0a800000 + established_), {IpAddress::v4(0x0a000035)}};
  up[request.name] = state;
  co_return state;
}

Task<Result<>> ScriptedTunnel::release(std::string name, Deadline) {
  if (up.erase(name) == 0) co_return Result<>{};
  const auto fault = calls_.next("release " + name);
  const auto answered = co_await clock_.sleep_until(clock_.now() + kAnswerTime);
  if (!answered) co_return answered;
  if (fault) co_return tl::unexpected(*fault);
  co_return Result<>{};
}

void ScriptedTunnel::lose(const std::string& name) {
  auto gone = up.extract(name);
  if (gone.empty()) return;
  TunnelEvent event{TunnelEvent::Kind::lost, std::move(gone.mapped()), Error{Cause::tunnel_lost, "dead peer"}};
  handler_(event);
}

void ScriptedTunnel::change_address(const std::string& name, IpAddress inner) {
  auto& tunnel = up.at(name);
  tunnel.inner_address = inner;
  handler_({TunnelEvent::Kind::address_changed, tunnel, {}});
}

}  // namespace hnbemu::doubles
