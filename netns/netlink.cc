#include "netns/netlink.h"

#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/qdisc/netem.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <netlink/socket.h>
#include <sys/time.h>

#include <cstring>
#include <thread>

namespace hnbemu::netns {
namespace {

using std::chrono::steady_clock;

constexpr timeval kKernelAnswerTimeout{.tv_sec = 10, .tv_usec = 0};
constexpr std::chrono::microseconds kOperationalPoll{200};
constexpr std::uint32_t kLooseReversePath = 2;  // RFC 3704 2.4

template <class T, void (*Release)(T*)>
struct Releaser {
  void operator()(T* object) const { Release(object); }
};
template <class T, void (*Release)(T*)>
using Owned = std::unique_ptr<T, Releaser<T, Release>>;

using Link = Owned<rtnl_link, rtnl_link_put>;
using Veth = Owned<rtnl_link, rtnl_link_veth_release>;
using Address = Owned<rtnl_addr, rtnl_addr_put>;
using RouteObject = Owned<rtnl_route, rtnl_route_put>;
using Neighbour = Owned<rtnl_neigh, rtnl_neigh_put>;
using Rule = Owned<rtnl_rule, rtnl_rule_put>;
using NlAddress = Owned<nl_addr, nl_addr_put>;
using Qdisc = Owned<rtnl_qdisc, rtnl_qdisc_put>;
using Cache = Owned<nl_cache, nl_cache_free>;

template <class... Args>
tl::unexpected<Error> fail_nl(int code, fmt::format_string<Args...> what, Args&&... args) {
  const auto cause = code == -NLE_NOMEM ? Cause::resources : Cause::system;
  return fail(cause, fmt::format("{}: {}", fmt::format(what, std::forward<Args>(args)...), nl_geterror(code)), code);
}

NlAddress to_nl(const Prefix& prefix) {
  const auto& bytes = prefix.address.bytes();
  NlAddress address(nl_addr_build(AF_INET, bytes.data(), 4));
  if (address) nl_addr_set_prefixlen(address.get(), static_cast<int>(prefix.length));
  return address;
}

NlAddress to_nl(const IpAddress& address) {
  return to_nl(Prefix{address, 32});
}

NlAddress to_nl(const MacAddress& mac) {
  return NlAddress(nl_addr_build(AF_LLC, mac.data(), mac.size()));
}

// libnl would cut a longer name.
Result<> check_name(const std::string& interface) {
  if (!interface.empty() && interface.size() < IFNAMSIZ) return {};
  return fail(Cause::system, fmt::format("'{}': an interface name has 1 to {} characters", interface, IFNAMSIZ - 1));
}

void describe(rtnl_link* link, const Interface& interface, unsigned mtu) {
  rtnl_link_set_name(link, interface.name.c_str());
  rtnl_link_set_mtu(link, mtu);
  rtnl_link_set_addr(link, to_nl(interface.mac).get());
}

std::optional<IpAddress> from_nl(const nl_addr* address) {
  if (address == nullptr || nl_addr_get_len(address) != sizeof(in_addr)) return std::nullopt;
  in_addr bytes{};
  std::memcpy(&bytes, nl_addr_get_binary_addr(address), sizeof bytes);
  return IpAddress::v4(ntohl(bytes.s_addr));
}

Route to_route(rtnl_route* object, nl_cache* links) {
  Route route;
  const auto* const destination = rtnl_route_get_dst(object);
  route.destination.address = from_nl(destination).value_or(IpAddress{});  // a default route has none
  if (destination != nullptr) route.destination.length = nl_addr_get_prefixlen(destination);
  auto* const hop = rtnl_route_nexthop_n(object, 0);
  if (hop == nullptr) return route;  // a blackhole and its like
  route.via = from_nl(rtnl_route_nh_get_gateway(hop));
  std::array<char, IFNAMSIZ> name{};
  rtnl_link_i2name(links, rtnl_route_nh_get_ifindex(hop), name.data(), name.size());
  route.interface = name.data();
  return route;
}

Result<Rule> unreachable_rule(const Prefix& from, std::uint32_t priority) {
  Rule rule(rtnl_rule_alloc());
  const auto source = to_nl(from);
  if (!rule || !source) return fail(Cause::resources, "no memory for a routing rule");
  rtnl_rule_set_family(rule.get(), AF_INET);
  rtnl_rule_set_src(rule.get(), source.get());
  rtnl_rule_set_prio(rule.get(), priority);
  rtnl_rule_set_action(rule.get(), FR_ACT_UNREACHABLE);
  return rule;
}

}  // namespace

void Netlink::Close::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

Netlink::Netlink(Netlink&&) noexcept = default;
Netlink& Netlink::operator=(Netlink&&) noexcept = default;
Netlink::~Netlink() = default;

Result<Netlink> Netlink::open(const Namespace& target) {
  Netlink netlink(nl_socket_alloc());
  auto* const socket = netlink.socket_.get();
  if (socket == nullptr) return fail(Cause::resources, "no memory for a netlink socket");
  const Enter scope(target);
  if (!scope.entered()) return tl::unexpected(scope.entered().error());
  if (const int code = nl_connect(socket, NETLINK_ROUTE); code < 0) return fail_nl(code, "opening a netlink socket");
  if (::setsockopt(nl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &kKernelAnswerTimeout,
                   sizeof kKernelAnswerTimeout) != 0) {
    return fail_errno("setting the netlink socket's time-out", errno);
  }
  return netlink;
}

Result<int> Netlink::index_of(const std::string& interface) {
  rtnl_link* found = nullptr;
  const int code = rtnl_link_get_kernel(socket_.get(), 0, interface.c_str(), &found);
  const Link link(found);
  if (code < 0) return fail_nl(code, "interface {}", interface);
  return rtnl_link_get_ifindex(link.get());
}

Result<> Netlink::add_veth(const Interface& own, const Namespace& peer_home, const Interface& peer, unsigned mtu) {
  if (auto good = check_name(own.name).and_then([&] { return check_name(peer.name); }); !good) return good;
  const Veth link(rtnl_link_veth_alloc());
  if (!link) return fail(Cause::resources, "no memory for a veth pair");
  describe(link.get(), own, mtu);
  auto* const peer_link = rtnl_link_veth_get_peer(link.get());
  describe(peer_link, peer, mtu);
  rtnl_link_set_ns_fd(peer_link, peer_home.fd());
  rtnl_link_put(peer_link);
  const int code = rtnl_link_add(socket_.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL);
  if (code < 0) return fail_nl(code, "making the veth pair {} - {}", own.name, peer.name);
  return {};
}

Result<> Netlink::change_link(const std::string& interface, rtnl_link* change) {
  const auto index = index_of(interface);
  if (!index) return tl::unexpected(index.error());
  const Link old(rtnl_link_alloc());
  if (!old || change == nullptr) return fail(Cause::resources, "no memory for a link");
  rtnl_link_set_ifindex(old.get(), *index);
  const int code = rtnl_link_change(socket_.get(), old.get(), change, 0);
  if (code < 0) return fail_nl(code, "setting up {}", interface);
  return {};
}

Result<> Netlink::set_up(const std::string& interface, bool forwarding) {
  // Where /proc/sys is read-only the namespace may have IPv6. A kernel without any refuses this, and needs it not.
  const Link quiet(rtnl_link_alloc());
  if (quiet) rtnl_link_inet6_set_addr_gen_mode(quiet.get(), IN6_ADDR_GEN_MODE_NONE);
  static_cast<void>(change_link(interface, quiet.get()));

  const Link up(rtnl_link_alloc());
  if (up) {
    rtnl_link_set_flags(up.get(), IFF_UP);
    rtnl_link_inet_set_conf(up.get(), IPV4_DEVCONF_FORWARDING, forwarding ? 1 : 0);
    rtnl_link_inet_set_conf(up.get(), IPV4_DEVCONF_RP_FILTER, kLooseReversePath);
  }
  return change_link(interface, up.get());
}

Result<> Netlink::set_forwarding(const std::string& interface) {
  const Link change(rtnl_link_alloc());
  if (change) rtnl_link_inet_set_conf(change.get(), IPV4_DEVCONF_FORWARDING, 1);
  return change_link(interface, change.get());
}

Result<> Netlink::wait_until_operational(const std::string& interface, steady_clock::time_point deadline) {
  for (;;) {
    rtnl_link* found = nullptr;
    const int code = rtnl_link_get_kernel(socket_.get(), 0, interface.c_str(), &found);
    const Link link(found);
    if (code < 0) return fail_nl(code, "interface {}", interface);
    if (rtnl_link_get_operstate(link.get()) == IF_OPER_UP) return {};
    if (steady_clock::now() >= deadline) {
      return fail(Cause::timeout, fmt::format("interface {} did not become operational", interface));
    }
    std::this_thread::sleep_for(kOperationalPoll);
  }
}

Result<> Netlink::remove_link(const std::string& interface) {
  const Link link(rtnl_link_alloc());
  if (!link) return fail(Cause::resources, "no memory for a link");
  rtnl_link_set_name(link.get(), interface.c_str());
  const int code = rtnl_link_delete(socket_.get(), link.get());
  if (code < 0) return fail_nl(code, "removing {}", interface);
  return {};
}

Result<> Netlink::add_netem(const std::string& interface) {
  const auto index = index_of(interface);
  if (!index) return tl::unexpected(index.error());
  const Qdisc qdisc(rtnl_qdisc_alloc());
  if (!qdisc) return fail(Cause::resources, "no memory for a queueing discipline");
  rtnl_tc_set_ifindex(TC_CAST(qdisc.get()), *index);
  rtnl_tc_set_parent(TC_CAST(qdisc.get()), TC_H_ROOT);
  rtnl_tc_set_kind(TC_CAST(qdisc.get()), "netem");
  rtnl_netem_set_limit(qdisc.get(), 1000);  // packets: the kernel's own default
  if (const int code = rtnl_qdisc_add(socket_.get(), qdisc.get(), NLM_F_CREATE); code < 0) {
    return fail_nl(code, "adding netem to {}", interface);
  }
  return {};
}

Result<bool> Netlink::has_link(const std::string& interface) {
  const auto index = index_of(interface);
  if (index) return true;
  if (index.error().native == -NLE_NODEV || index.error().native == -NLE_OBJ_NOTFOUND) return false;
  return tl::unexpected(index.error());
}

Result<std::vector<std::string>> Netlink::link_names() {
  nl_cache* cache = nullptr;
  const int code = rtnl_link_alloc_cache(socket_.get(), AF_UNSPEC, &cache);
  if (code < 0) return fail_nl(code, "listing the interfaces");
  const Cache owned(cache);
  std::vector<std::string> names;
  for (auto* object = nl_cache_get_first(cache); object != nullptr; object = nl_cache_get_next(object)) {
    names.emplace_back(rtnl_link_get_name(reinterpret_cast<rtnl_link*>(object)));
  }
  return names;
}

Result<LinkCounters> Netlink::counters(const std::string& interface) {
  rtnl_link* link = nullptr;
  const int code = rtnl_link_get_kernel(socket_.get(), 0, interface.c_str(), &link);
  if (code < 0) return fail_nl(code, "asking for the counters of {}", interface);
  const Link owned(link);
  return LinkCounters{rtnl_link_get_stat(link, RTNL_LINK_TX_BYTES), rtnl_link_get_stat(link, RTNL_LINK_RX_BYTES),
                      rtnl_link_get_stat(link, RTNL_LINK_TX_PACKETS), rtnl_link_get_stat(link, RTNL_LINK_RX_PACKETS)};
}

Result<> Netlink::add_address(const std::string& interface, const Prefix& address) {
  const auto index = index_of(interface);
  if (!index) return tl::unexpected(index.error());
  const Address object(rtnl_addr_alloc());
  const auto local = to_nl(address);
  if (!object || !local) return fail(Cause::resources, "no memory for an address");
  rtnl_addr_set_ifindex(object.get(), *index);
  rtnl_addr_set_local(object.get(), local.get());
  const int code = rtnl_addr_add(socket_.get(), object.get(), NLM_F_EXCL);
  if (code < 0) return fail_nl(code, "adding {} to {}", address.to_string(), interface);
  return {};
}

Result<> Netlink::remove_address(const std::string& interface, const Prefix& address) {
  const auto index = index_of(interface);
  if (!index) return tl::unexpected(index.error());
  const Address object(rtnl_addr_alloc());
  const auto local = to_nl(address);
  if (!object || !local) return fail(Cause::resources, "no memory for an address");
  rtnl_addr_set_ifindex(object.get(), *index);
  rtnl_addr_set_local(object.get(), local.get());
  const int code = rtnl_addr_delete(socket_.get(), object.get(), 0);
  if (code < 0 && code != -NLE_NOADDR) {
    return fail_nl(code, "removing {} from {}", address.to_string(), interface);
  }
  return {};
}

Result<> Netlink::add_route(const Route& route) {
  const auto index = index_of(route.interface);
  if (!index) return tl::unexpected(index.error());
  const RouteObject object(rtnl_route_alloc());
  auto* const hop = rtnl_route_nh_alloc();
  const auto destination = to_nl(route.destination);
  if (!object || hop == nullptr || !destination) return fail(Cause::resources, "no memory for a route");
  rtnl_route_nh_set_ifindex(hop, *index);
  if (route.via) rtnl_route_nh_set_gateway(hop, to_nl(*route.via).get());
  rtnl_route_add_nexthop(object.get(), hop);  // the route now owns it
  rtnl_route_set_family(object.get(), AF_INET);
  rtnl_route_set_table(object.get(), RT_TABLE_MAIN);
  rtnl_route_set_protocol(object.get(), RTPROT_STATIC);
  rtnl_route_set_scope(object.get(), route.via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
  rtnl_route_set_dst(object.get(), destination.get());
  const int code = rtnl_route_add(socket_.get(), object.get(), NLM_F_EXCL);
  if (code < 0) return fail_nl(code, "adding the route to {} by {}", route.destination.to_string(), route.interface);
  return {};
}

Result<std::vector<Route>> Netlink::routes() {
  nl_cache* cache = nullptr;
  int code = rtnl_link_alloc_cache(socket_.get(), AF_UNSPEC, &cache);
  if (code < 0) return fail_nl(code, "listing the interfaces");
  const Owned<nl_cache, nl_cache_free> links(cache);
  code = rtnl_route_alloc_cache(socket_.get(), AF_INET, 0, &cache);
  if (code < 0) return fail_nl(code, "listing the routes");
  const Owned<nl_cache, nl_cache_free> owned(cache);
  std::vector<Route> routes;
  for (auto* object = nl_cache_get_first(cache); object != nullptr; object = nl_cache_get_next(object)) {
    routes.push_back(to_route(reinterpret_cast<rtnl_route*>(object), links.get()));
  }
  return routes;
}

Result<> Netlink::remove_routes(std::uint32_t table) {
  nl_cache* cache = nullptr;
  if (const int code = rtnl_route_alloc_cache(socket_.get(), AF_INET, 0, &cache); code < 0) {
    return fail_nl(code, "listing the routes");
  }
  const Cache owned(cache);
  for (auto* object = nl_cache_get_first(cache); object != nullptr; object = nl_cache_get_next(object)) {
    auto* const route = reinterpret_cast<rtnl_route*>(object);
    if (rtnl_route_get_table(route) != table) continue;
    const int code = rtnl_route_delete(socket_.get(), route, 0);
    if (code < 0) return fail_nl(code, "removing the routes of table {}", table);
  }
  return {};
}

Result<> Netlink::remove_host_addresses(const IpAddress& except) {
  nl_cache* cache = nullptr;
  if (const int code = rtnl_addr_alloc_cache(socket_.get(), &cache); code < 0) {
    return fail_nl(code, "listing the addresses");
  }
  const Cache owned(cache);
  const auto kept = to_nl(except);
  if (!kept) return fail(Cause::resources, "no memory for an address");
  for (auto* object = nl_cache_get_first(cache); object != nullptr; object = nl_cache_get_next(object)) {
    auto* const address = reinterpret_cast<rtnl_addr*>(object);
    const bool host = rtnl_addr_get_family(address) == AF_INET && rtnl_addr_get_prefixlen(address) == 32;
    if (!host || nl_addr_cmp(rtnl_addr_get_local(address), kept.get()) == 0) continue;
    const int code = rtnl_addr_delete(socket_.get(), address, 0);
    if (code < 0) return fail_nl(code, "removing the addresses but {}", except.to_string());
  }
  return {};
}

Result<> Netlink::add_blackhole(const Prefix& destination) {
  const RouteObject object(rtnl_route_alloc());
  const auto target = to_nl(destination);
  if (!object || !target) return fail(Cause::resources, "no memory for a route");
  rtnl_route_set_family(object.get(), AF_INET);
  rtnl_route_set_table(object.get(), RT_TABLE_MAIN);
  rtnl_route_set_protocol(object.get(), RTPROT_STATIC);
  rtnl_route_set_type(object.get(), RTN_BLACKHOLE);
  rtnl_route_set_dst(object.get(), target.get());
  const int code = rtnl_route_add(socket_.get(), object.get(), NLM_F_EXCL);
  if (code < 0) return fail_nl(code, "adding the blackhole {}", destination.to_string());
  return {};
}

Result<> Netlink::add_neighbour(const std::string& interface, const IpAddress& address, const MacAddress& mac) {
  const auto index = index_of(interface);
  if (!index) return tl::unexpected(index.error());
  const Neighbour object(rtnl_neigh_alloc());
  const auto target = to_nl(address);
  const auto link_layer = to_nl(mac);
  if (!object || !target || !link_layer) return fail(Cause::resources, "no memory for a neighbour entry");
  rtnl_neigh_set_ifindex(object.get(), *index);
  rtnl_neigh_set_dst(object.get(), target.get());
  rtnl_neigh_set_lladdr(object.get(), link_layer.get());
  rtnl_neigh_set_state(object.get(), NUD_PERMANENT);
  const int code = rtnl_neigh_add(socket_.get(), object.get(), NLM_F_CREATE | NLM_F_REPLACE);
  if (code < 0) return fail_nl(code, "adding the neighbour {} to {}", address.to_string(), interface);
  return {};
}

Result<> Netlink::add_unreachable_rule(const Prefix& from, std::uint32_t priority) {
  const auto rule = unreachable_rule(from, priority);
  if (!rule) return tl::unexpected(rule.error());
  const int code = rtnl_rule_add(socket_.get(), rule->get(), NLM_F_CREATE | NLM_F_EXCL);
  if (code < 0) return fail_nl(code, "adding the rule 'from {} unreachable'", from.to_string());
  return {};
}

Result<> Netlink::remove_unreachable_rule(const Prefix& from, std::uint32_t priority) {
  const auto rule = unreachable_rule(from, priority);
  if (!rule) return tl::unexpected(rule.error());
  const int code = rtnl_rule_delete(socket_.get(), rule->get(), 0);
  if (code < 0 && code != -NLE_OBJ_NOTFOUND) {
    return fail_nl(code, "removing the rule 'from {} unreachable'", from.to_string());
  }
  return {};
}

}  // namespace hnbemu::netns
