#include "procedures/secure_connection.h"

#include "procedures/connection_requests.h"

namespace hnbemu::procedures {
namespace {

Task<Result<TunnelState>> connect_segw(Context& context, std::string tunnel_name, std::string segw,
                                       ConnectSteps steps) {
  auto addresses = co_await resolve(context, segw, context.outer, steps.segw);
  if (!addresses) co_return tl::unexpected(addresses.error());

  Result<TunnelState> tunnel = fail(Cause::dns_no_such_name, segw + " has no address");
  for (const auto& address : *addresses) {
    TunnelRequest request{tunnel_name, address, segw};
    const auto deadline = context.ports.clock.now() + Deadlines::tunnel;
    auto establish = context.ports.tunnel.establish(std::move(request), deadline);
    tunnel = co_await step(context.steps, steps.tunnel, std::move(establish));
    if (tunnel || tunnel.error().cause == Cause::cancelled) break;
  }
  co_return tunnel;
}

}  // namespace

Task<Result<std::vector<IpAddress>>> resolve(Context& context, std::string name, Path path, ResolveSteps steps) {
  using Addresses = std::vector<IpAddress>;
  const auto& hosts = context.surroundings.hosts;
  if (const auto known = hosts.find(name); known != hosts.end()) co_return Addresses{known->second};
  if (const auto literal = IpAddress::parse(name)) co_return Addresses{*literal};

  const auto deadline = context.ports.clock.now() + Deadlines::dns;
  auto query = context.ports.resolver.resolve(std::move(name), std::move(path), deadline);
  auto addresses = co_await step(context.steps, steps.query, std::move(query));
  if (!addresses) co_return addresses;
  const auto reached = co_await context.steps.reach(steps.answer);
  if (!reached) co_return tl::unexpected(reached.error());
  context.steps.record(steps.answer, Millis{0});
  co_return addresses;
}

Task<Result<Service>> connect_hms(Context& context, std::string tunnel_name, ServingElements elements,
                                  ConnectSteps steps) {
  Service service;
  service.hms = elements.hms;
  service.tunnel = elements.tunnel;
  service.path = context.outer;
  if (!service.tunnel && !elements.segw.empty()) {  // without a SeGW the HMS is reached over the access network
    auto tunnel = co_await connect_segw(context, std::move(tunnel_name), elements.segw, steps);
    if (!tunnel) co_return tl::unexpected(tunnel.error());
    service.tunnel = std::move(*tunnel);
  }
  if (service.tunnel) {
    service.path = {Plane::inner, service.tunnel->inner_address, service.tunnel->dns_servers};
    context.set_value_of("inner_address", service.tunnel->inner_address.to_string());
  }

  auto addresses = co_await resolve(context, service.hms.host, service.path, steps.hms);
  if (!addresses) co_return tl::unexpected(addresses.error());
  if (auto open = accept_connection_requests(context, service.path); !open) co_return tl::unexpected(open.error());
  service.hms_addresses = std::move(*addresses);
  co_return service;
}

Task<Result<>> release_tunnel(Context& context, std::string tunnel_name, Step what) {
  const auto deadline = context.ports.clock.now() + Deadlines::release;
  auto release = context.ports.tunnel.release(std::move(tunnel_name), deadline);
  auto released = co_await step(context.steps, what, std::move(release));
  if (!released && released.error().cause != Cause::cancelled) co_return Result<>{};
  co_return released;
}

}  // namespace hnbemu::procedures
