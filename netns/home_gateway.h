#pragma once

#include <chrono>
#include <string>

#include "netns/namespace.h"

namespace hnbemu::netns {

struct HomeGatewayRules {
  std::string outside;  // interface: what leaves by it gets its address, and nothing comes in that was not asked for
  std::string inside;   // interface
  std::chrono::seconds udp_lifetime{0};  // of a binding that is not used (RFC 4787 4.3); 0: as the kernel has it
};

// Makes a namespace that forwards into a home gateway with a NAT, by nftables. The kernel's NAT maps by endpoint where
// it can keep the port, and filters by address and port (RFC 4787 4.1, 5).
Result<> make_home_gateway(const Namespace& gateway, const HomeGatewayRules& rules);

}  // namespace hnbemu::netns
