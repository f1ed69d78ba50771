#pragma once

#include "netns/netlink.h"

namespace hnbemu::netns {

// One end of a point-to-point link.
struct LinkEnd {
  Netlink* netlink = nullptr;  // of `home`
  const Namespace* home = nullptr;
  std::string interface;
  IpAddress address;
  bool forwarding = false;
  bool bare = false;  // up, but without its address: whoever lives there takes it when he knows it
};

inline constexpr unsigned kEthernetMtu = 1500;

// A veth pair with a /31 over it (RFC 3021): addresses, both ends up, and each the other's permanent neighbour. On
// failure nothing of it is left.
Result<> connect(const LinkEnd& a, const LinkEnd& b, unsigned mtu = kEthernetMtu);

// 02:00 and the address: unique wherever the address is, and the same at each run.
MacAddress mac_for(const IpAddress& address);

}  // namespace hnbemu::netns
