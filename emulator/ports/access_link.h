#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// The device's interface to the access network, for a device that gets its outer address by DHCP (RFC 2131): messages
// go and come whether it has an address or not.
class AccessLink {
 public:
  virtual ~AccessLink() = default;
  virtual std::array<std::uint8_t, 6> hardware_address() const = 0;
  // Listens for messages from now on. Errors: resources, system.
  virtual Result<> open() = 0;
  // No descriptor is held any more; a receive() that is under way ends with Cause::cancelled.
  virtual void close() = 0;
  // With open(). `to` is 255.255.255.255, or the server, to which the message goes by the device's routes, outside of
  // all tunnels. What the network does not take is lost, as on the way.
  virtual Result<> send(const std::string& message, const IpAddress& from, const IpAddress& to) = 0;
  // The next message. Errors: timeout, cancelled, system.
  virtual Task<Result<std::string>> receive(Deadline deadline) = 0;

  // The interface has this address, and all else is reached by the router. Blocks for less than a millisecond.
  virtual Result<> configure(const Prefix& address, const IpAddress& router) = 0;
  virtual Result<> deconfigure(const Prefix& address) = 0;  // succeeds when it has none
};

}  // namespace hnbemu
