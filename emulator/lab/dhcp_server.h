#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "lab/address_plan.h"
#include "netns/netlink.h"
#include "netns/process.h"

namespace hnbemu::lab {

struct DhcpHost {
  netns::MacAddress mac;
  IpAddress address;
};

struct DhcpServerConfig {
  std::string label;  // of its files: LABEL.conf, LABEL.hosts, LABEL.log
  std::string directory;
  std::string interfaces;  // of the links to the clients: "d*"
  Prefix pool;             // of all links
  std::vector<DhcpHost> hosts{};
  IpAddress dns_server;
  DhcpSettings settings{};
};

// dnsmasq as the DHCP server of all links, each client of which gets the one address of its link. One process, however
// many links there are: a link needs no more than the address that the router has there, and a line of LABEL.hosts.
// Who calls itself "dslforum.org" (option 60) is told of the ACS in option 43 (TR-069 3.1).
class DhcpServer {
 public:
  // Returns when it listens.
  static Result<DhcpServer> start(const netns::Namespace& home, const DhcpServerConfig& config, Deadline deadline);
  netns::Process& process() { return process_; }

 private:
  explicit DhcpServer(netns::Process process) : process_(std::move(process)) {}
  netns::Process process_;
};

}  // namespace hnbemu::lab
