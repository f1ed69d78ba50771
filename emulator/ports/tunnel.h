#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// One IKEv2 connection to a SeGW (RFC 7296); a device may hold two at once, told apart by name ("initial", "serving").
struct TunnelRequest {
  std::string name;
  IpAddress gateway;             // resolved address of the SeGW
  std::string gateway_identity;  // the configured FQDN or address: the SeGW's certificate must carry exactly this
};

struct TunnelState {
  std::string name;
  IpAddress gateway;
  IpAddress inner_address;             // INTERNAL_IP4_ADDRESS
  std::vector<IpAddress> dns_servers;  // INTERNAL_IP4_DNS, in the payload's order
};

// What happens to an established tunnel without having been asked for.
struct TunnelEvent {
  enum class Kind { lost, address_changed };
  Kind kind = Kind::lost;
  TunnelState tunnel;  // for `lost`, as it last was
  Error error;         // for `lost`
};

class Tunnel {
 public:
  virtual ~Tunnel() = default;
  // Errors: ike_no_answer, ike_authentication, ike_negotiation, timeout, cancelled. After an error nothing is left of
  // it.
  virtual Task<Result<TunnelState>> establish(TunnelRequest request, Deadline deadline) = 0;
  // Deletes the IKE SA; succeeds when there is none. The peer is told if it answers before the deadline.
  virtual Task<Result<>> release(std::string name, Deadline deadline) = 0;
  // Called on the device's own executor, never from inside establish() or release().
  virtual void on_event(std::function<void(const TunnelEvent&)> handler) = 0;
};

}  // namespace hnbemu
