#pragma once

#include <string>
#include <vector>

#include "netns/netlink.h"

namespace hnbemu::netns {

struct UplinkPlan {
  std::string host_interface;  // at most 15 characters each
  std::string wan_interface;
  IpAddress host_address;  // the two of a /31
  IpAddress wan_address;
  std::vector<Prefix> pools;  // the devices' addresses, which the host reaches by the uplink
};

// A routed way between a router namespace and the host: a link, the host's routes to the devices, and the router's
// default route to the host. It is all that the program ever changes in the host's own namespace, and only on request.
// The kernel takes it away with the router's namespace, so that SIGKILL of the emulator leaves nothing of it.
class Uplink {
 public:
  // Cause::configuration, with what is in the way, if the host has such an interface, or an address or a route that
  // overlaps what is to be added; then nothing was changed.
  static Result<Uplink> open(const Namespace& host, const Namespace& wan, const UplinkPlan& plan);
  Uplink(Uplink&& other) noexcept
      : host_(std::move(other.host_)), interface_(std::exchange(other.interface_, std::string{})) {}
  Uplink& operator=(Uplink&&) = delete;
  ~Uplink();  // takes it all away again

 private:
  Uplink(Netlink host, std::string interface) : host_(std::move(host)), interface_(std::move(interface)) {}
  Netlink host_;
  std::string interface_;
};

// What is still to be done on the host and beyond it, one line each, before an ACS that is not on the host itself (or
// is in a container) and the devices reach each other. Packet filters are not looked at.
std::vector<std::string> uplink_advice(const Namespace& host, const UplinkPlan& plan);

}  // namespace hnbemu::netns
