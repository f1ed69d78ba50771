#pragma once

#include <cstdint>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// The radio interface's side of a femtocell's way into service: HNB REGISTER with an HNB-GW (TS 25.467 5.2.2), or S1
// Setup with an MME or HeNB-GW (TS 36.413 8.7.3).
class GatewayRegistration {
 public:
  virtual ~GatewayRegistration() = default;
  // `port` is SCTP's; 0: the interface's own. A registration that stands is ended first. Errors: network, refused
  // (protocol), timeout, cancelled; after an error nothing is left of it.
  virtual Task<Result<>> enter(IpAddress address, std::uint16_t port, Path path, Deadline deadline) = 0;
  // The device goes out of service, or to another gateway; nothing happens if there is no registration.
  virtual void leave() = 0;
};

}  // namespace hnbemu
