#pragma once

#include <vector>

#include "base/address.h"

namespace hnbemu {

// Where a socket of a device stands. Outer sockets carry the mark that exempts them from the tunnel's catch-all route;
// inner ones are bound to the address that the SeGW gave. It is part of every call that opens a socket, so that it
// cannot be forgotten.
enum class Plane { outer, inner };

struct Path {
  Plane plane = Plane::outer;
  IpAddress source;                    // outer address, or the virtual IP of the tunnel
  std::vector<IpAddress> dns_servers;  // outer: the access network's; inner: from the IKE configuration payload
};

}  // namespace hnbemu
