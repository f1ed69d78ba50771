#include "procedures/gateway_registration.h"

#include "base/number.h"
#include "cwmp/xml_document.h"
#include "procedures/assigned_elements.h"
#include "procedures/causes.h"

namespace hnbemu::procedures {
namespace {

constexpr const char* kCause = "gateway_lost";  // of config::kAlarmCauses
constexpr std::size_t kMaxGateways = 16;        // that are tried in one attempt

std::vector<std::string> gateways_in(std::string_view list) {
  std::vector<std::string> gateways;
  while (!list.empty() && gateways.size() < kMaxGateways) {
    const auto one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (const auto name = cwmp::trim(one); !name.empty()) gateways.emplace_back(name);
  }
  return gateways;
}

// The gateway is behind the SeGW, wherever the HMS is.
Path path_to_gateway(const Context& context, const Service& service) {
  if (!service.tunnel) return context.outer;
  return {Plane::inner, service.tunnel->inner_address, service.tunnel->dns_servers};
}

Task<Result<>> enter(Context& context, std::string gateway, Path path, GatewaySteps steps) {
  const auto addresses = co_await resolve(context, std::move(gateway), path, steps.resolve);
  if (!addresses) co_return tl::unexpected(addresses.error());
  Result<> entered;
  if (context.ports.gateway == nullptr) co_return entered;
  const auto port = parse_number<std::uint16_t>(context.value_of("gateway_port")).value_or(0);
  for (const auto& address : *addresses) {
    const auto deadline = context.ports.clock.now() + Deadlines::gateway;
    auto entering = context.ports.gateway->enter(address, port, path, deadline);
    entered = co_await step(context.steps, steps.registration, std::move(entering));
    if (entered || entered.error().cause == Cause::cancelled) break;
  }
  co_return entered;
}

}  // namespace

std::string wanted_gateway(const Context& context) {
  return fmt::format("{}", fmt::join(numbered_values(context, "gateway"), ","));
}

Task<Result<>> register_with_gateway(Context& context, Service& service, GatewaySteps steps) {
  service.gateway = wanted_gateway(context);
  const auto path = path_to_gateway(context, service);
  Result<> registered;
  for (const auto& gateway : gateways_in(service.gateway)) {
    registered = co_await enter(context, gateway, path, steps);
    if (registered || registered.error().cause == Cause::cancelled) break;
  }
  if (registered) {
    clear_cause(context, kCause);
  } else if (registered.error().cause != Cause::cancelled) {
    raise_cause(context, kCause, registered.error().detail);
  }
  co_return registered;
}

}  // namespace hnbemu::procedures
