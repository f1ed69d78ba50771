#pragma once

#include "netns/point_to_point.h"

namespace hnbemu::lab {

// A namespace of the lab and the netlink socket that configures it.
struct Site {
  netns::Namespace home;
  netns::Netlink netlink;

  static Result<Site> create();
  // A router's end of a link. The Site must outlive it.
  netns::LinkEnd end(const std::string& interface, const IpAddress& address) {
    return {&netlink, &home, interface, address, true};
  }
};

}  // namespace hnbemu::lab
