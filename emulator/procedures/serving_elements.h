#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/url.h"
#include "ports/tunnel.h"

namespace hnbemu::procedures {

inline constexpr const char* kInitialTunnel = "initial";
inline constexpr const char* kServingTunnel = "serving";

// What discovery ends with (TS 32.583 5.1, TS 32.593 5.1.2).
struct ServingElements {
  std::vector<std::string> segws;  // FQDNs or IP addresses: the first that takes the device; none: no IPsec
  Url hms;
  bool hms_inside = true;             // the HMS is reached through the tunnel, if there is one
  bool registered = false;            // the serving entities are the initial ones: their session has been held …
  std::optional<TunnelState> tunnel;  // … and this tunnel stays up for them
};

// What a device in service holds: the way to its Serving HMS, and to its gateway.
struct Service {
  Url hms;
  std::vector<IpAddress> hms_addresses;
  Path path;  // to the HMS
  std::optional<TunnelState> tunnel;
  std::vector<std::string> segws;  // from which the tunnel's was chosen …
  std::string segw;                // … and which it is; "" without a tunnel
  bool hms_inside = false;
  std::string gateway;  // as the HMS gave it when the device registered there; "": it did not
};

// TS 32.583 4.2.1.2: whether a device that serves by `service` is where its HMS wants it to be. A SeGW is left when it
// is no longer among the wanted ones, or when another has become the first.
bool is_on(const Service& service, const ServingElements& wanted);

}  // namespace hnbemu::procedures
