#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "netns/namespace.h"

struct nl_sock;
struct rtnl_link;

namespace hnbemu::netns {

using MacAddress = std::array<std::uint8_t, 6>;

struct Interface {
  std::string name;  // at most 15 characters
  MacAddress mac{};
};

struct Route {
  Prefix destination;            // 0.0.0.0/0 is the default route
  std::optional<IpAddress> via;  // none: the destination is on the link
  std::string interface;
};

// Since the interface was made.
struct LinkCounters {
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
};

// Links, addresses, routes, neighbours and policy rules of one namespace, by rtnetlink over a socket that was opened
// inside it. IPv4. Each call waits for the kernel's answer. An open Netlink keeps its namespace alive. One thread at a
// time.
class Netlink {
 public:
  static Result<Netlink> open(const Namespace& target);
  Netlink(Netlink&&) noexcept;
  Netlink& operator=(Netlink&&) noexcept;
  ~Netlink();

  // Both ends are made where they will live: neither is ever seen in another namespace.
  Result<> add_veth(const Interface& own, const Namespace& peer_home, const Interface& peer, unsigned mtu);
  // Up, silent on IPv6, and with reverse-path filter "loose": the kernel takes the higher of this and the "all" that a
  // namespace inherits from the host, so that a strict host has no say.
  Result<> set_up(const std::string& interface, bool forwarding);
  Result<> set_forwarding(const std::string& interface);
  // The kernel drops what is sent on a veth between its peer's coming up and its own noticing that.
  Result<> wait_until_operational(const std::string& interface, std::chrono::steady_clock::time_point deadline);
  Result<> remove_link(const std::string& interface);  // with its peer
  Result<> add_netem(const std::string& interface);    // without delay or loss, so far
  Result<bool> has_link(const std::string& interface);
  Result<std::vector<std::string>> link_names();
  Result<LinkCounters> counters(const std::string& interface);

  Result<> add_address(const std::string& interface, const Prefix& address);
  // With the routes and neighbours that need it; succeeds when the interface has no such address.
  Result<> remove_address(const std::string& interface, const Prefix& address);
  Result<> add_route(const Route& route);
  // Of all tables: the namespace's own addresses are there too, with a length of 32.
  Result<std::vector<Route>> routes();
  Result<> remove_routes(std::uint32_t table);
  // Every /32 but one: what a tunnel had assigned.
  Result<> remove_host_addresses(const IpAddress& except);
  Result<> add_blackhole(const Prefix& destination);  // what is forwarded there is dropped without a word
  // Permanent, so that it counts neither against gc_thresh3 (1,024 for the whole host) nor needs ARP.
  Result<> add_neighbour(const std::string& interface, const IpAddress& address, const MacAddress& mac);

  // "from PREFIX unreachable": what is bound to a tunnel's address never leaves in clear when the tunnel is gone.
  Result<> add_unreachable_rule(const Prefix& from, std::uint32_t priority);
  Result<> remove_unreachable_rule(const Prefix& from, std::uint32_t priority);  // succeeds when there is none

 private:
  struct Close {
    void operator()(nl_sock* socket) const;
  };
  explicit Netlink(nl_sock* socket) : socket_(socket) {}
  Result<> change_link(const std::string& interface, rtnl_link* change);
  Result<int> index_of(const std::string& interface);

  std::unique_ptr<nl_sock, Close> socket_;
};

}  // namespace hnbemu::netns
