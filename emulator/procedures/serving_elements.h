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
  std::string segw;  // FQDN or IP address
  Url hms;
  bool registered = false;            // the serving entities are the initial ones: their session has been held …
  std::optional<TunnelState> tunnel;  // … and this tunnel stays up for them
};

// What a device in service holds: the way to its Serving HMS.
struct Service {
  Url hms;
  std::vector<IpAddress> hms_addresses;
  Path path;
  std::optional<TunnelState> tunnel;
};

}  // namespace hnbemu::procedures
