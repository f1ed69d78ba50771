#include "procedures/secure_connection.h"

#include <algorithm>

#include "procedures/connection_requests.h"

namespace hnbemu::procedures {
namespace {

struct Segw {
  std::string name;
  TunnelState tunnel;
};

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

Task<Result<Segw>> connect_first_segw(Context& context, std::string tunnel_name, std::vector<std::string> segws,
                                      ConnectSteps steps) {
  Result<Segw> connected = fail(Cause::configuration, "there is no SeGW");
  for (const auto& segw : segws) {
    auto tunnel = co_await connect_segw(context, tunnel_name, segw, steps);
    if (tunnel) co_return Segw{segw, std::move(*tunnel)};
    connected = tl::unexpected(tunnel.error());
    if (tunnel.error().cause == Cause::cancelled) break;
  }
  co_return connected;
}

bool begins_anew(const cwmp::EventStruct& event) {
  return event.event_code == "0 BOOTSTRAP" || event.event_code == "1 BOOT";
}

// An HMS that knows the device hears of an address that it does not know (TS 32.583 5.2.2, by another SeGW).
void use_inner_address(Context& context, const Service& service) {
  const auto address = service.tunnel->inner_address.to_string();
  const std::string path(context.profile.path("inner_address"));
  const bool changed = !path.empty() && context.value_of("inner_address") != address;
  context.set_value_of("inner_address", address);
  const auto events = context.events.pending();
  const bool known = std::ranges::none_of(events, begins_anew);
  if (changed && known && service.hms_inside) context.notifications.note(path, false);
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
  if (!steps.answer) co_return addresses;
  const auto reached = co_await context.steps.reach(*steps.answer);
  if (!reached) co_return tl::unexpected(reached.error());
  context.steps.record(*steps.answer, Millis{0});
  co_return addresses;
}

Task<Result<Service>> connect_hms(Context& context, std::string tunnel_name, ServingElements elements,
                                  ConnectSteps steps) {
  Service service;
  service.hms = elements.hms;
  service.tunnel = elements.tunnel;
  service.segws = elements.segws;
  service.path = context.outer;
  const bool by_tunnel = service.tunnel || !elements.segws.empty();
  service.hms_inside = by_tunnel && elements.hms_inside;
  Result<std::vector<IpAddress>> addresses;
  if (by_tunnel && !service.hms_inside && steps.outer_hms) {
    addresses = co_await resolve(context, service.hms.host, context.outer, *steps.outer_hms);
    if (!addresses) co_return tl::unexpected(addresses.error());
  }
  if (service.tunnel && !elements.segws.empty()) service.segw = elements.segws.front();
  if (!service.tunnel && by_tunnel) {
    auto segw = co_await connect_first_segw(context, std::move(tunnel_name), elements.segws, steps);
    if (!segw) co_return tl::unexpected(segw.error());
    service.segw = std::move(segw->name);
    service.tunnel = std::move(segw->tunnel);
  }
  if (service.tunnel) use_inner_address(context, service);
  if (service.hms_inside) {
    service.path = {Plane::inner, service.tunnel->inner_address, service.tunnel->dns_servers};
  }
  if (addresses->empty()) {
    const Path asked = steps.public_dns ? context.outer : service.path;
    addresses = co_await resolve(context, service.hms.host, asked, steps.hms);
    if (!addresses) co_return tl::unexpected(addresses.error());
  }
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
