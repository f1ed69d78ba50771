#include "netns/uplink.h"

#include <fmt/ranges.h>

#include <fstream>

#include "netns/point_to_point.h"

namespace hnbemu::netns {
namespace {

constexpr unsigned kPointToPointLength = 31;

bool overlap(const Prefix& a, const Prefix& b) {
  return a.length < b.length ? a.contains(b.address) : b.contains(a.address);
}

// /proc/sys/net is that of the reading thread's namespace.
bool forwards(const Namespace& host) {
  const Enter scope(host);
  if (!scope.entered()) return false;
  std::ifstream file("/proc/sys/net/ipv4/ip_forward");
  int value = 0;
  return file >> value && value != 0;
}

Result<> check_free(Netlink& host, const UplinkPlan& plan) {
  const auto taken = host.has_link(plan.host_interface);
  if (!taken) return tl::unexpected(taken.error());
  if (*taken) {
    return fail(Cause::configuration,
                fmt::format("the host has an interface '{}' already (the uplink of another fleet?); give this fleet's "
                            "uplink another name",
                            plan.host_interface));
  }
  auto wanted = plan.pools;
  wanted.push_back({plan.host_address, kPointToPointLength});
  const auto routes = host.routes();
  if (!routes) return tl::unexpected(routes.error());
  for (const auto& route : *routes) {
    if (route.destination.length == 0) continue;  // a default route gives way to any other
    for (const auto& prefix : wanted) {
      if (!overlap(prefix, route.destination)) continue;
      return fail(Cause::configuration,
                  fmt::format("{} is wanted for the uplink, but the host has {}{}{} already (another fleet, an overlay "
                              "VPN, a local network?); give this fleet other addresses",
                              prefix.to_string(), route.destination.to_string(), route.interface.empty() ? "" : " on ",
                              route.interface));
    }
  }
  return {};
}

}  // namespace

Result<Uplink> Uplink::open(const Namespace& host, const Namespace& wan, const UplinkPlan& plan) {
  auto host_netlink = Netlink::open(host);
  if (!host_netlink) return tl::unexpected(host_netlink.error());
  auto wan_netlink = Netlink::open(wan);
  if (!wan_netlink) return tl::unexpected(wan_netlink.error());
  if (const auto free = check_free(*host_netlink, plan); !free) return tl::unexpected(free.error());

  // Whether the host's end forwards is as the host's other interfaces have it: that is its administrator's decision.
  const LinkEnd host_end{&*host_netlink, &host, plan.host_interface, plan.host_address, forwards(host)};
  const LinkEnd wan_end{&*wan_netlink, &wan, plan.wan_interface, plan.wan_address, true};
  if (const auto linked = connect(host_end, wan_end); !linked) return tl::unexpected(linked.error());
  Uplink uplink(std::move(*host_netlink), plan.host_interface);  // from here on, a failure takes the link away
  for (const auto& pool : plan.pools) {
    const auto added = uplink.host_.add_route({pool, plan.wan_address, plan.host_interface});
    if (!added) return tl::unexpected(added.error());
  }
  const auto added = wan_netlink->add_route({Prefix{}, plan.host_address, plan.wan_interface});
  if (!added) return tl::unexpected(added.error());
  return uplink;
}

Uplink::~Uplink() {
  if (!interface_.empty()) static_cast<void>(host_.remove_link(interface_));
}

std::vector<std::string> uplink_advice(const Namespace& host, const UplinkPlan& plan) {
  std::vector<std::string> pools;
  for (const auto& pool : plan.pools) pools.push_back(pool.to_string());
  std::vector<std::string> lines;
  if (!forwards(host)) {
    lines.emplace_back("this host does not forward packets: sysctl -w net.ipv4.ip_forward=1");
  }
  lines.push_back(fmt::format("an ACS on another machine needs a route to {} by this host", fmt::join(pools, ", ")));
  return lines;
}

}  // namespace hnbemu::netns
