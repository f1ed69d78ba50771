#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

struct UdpEndpoint {
  IpAddress address;
  std::uint16_t port = 0;
  std::string to_string() const { return fmt::format("{}:{}", address.to_string(), port); }
  auto operator<=>(const UdpEndpoint&) const = default;
};

// RFC 792: what a router or host on the way said of a datagram that was sent.
struct IcmpError {
  IpAddress reporter;
  std::uint8_t type = 0;  // 3 destination unreachable, 11 time exceeded
  std::uint8_t code = 0;
};

struct Datagram {
  UdpEndpoint peer;                // who sent it; of an ICMP error, to whom what it is about was sent
  std::string bytes;               // of an ICMP error, the datagram that it is about, as far as it is known
  std::optional<IcmpError> error;  // none: a datagram
};

struct UdpOptions {
  std::uint16_t port = 0;    // own; 0: one that is free
  bool icmp_errors = false;  // receive() tells them; else they are not noticed
  std::uint8_t ttl = 0;      // of what is sent; 0: the system's
  std::uint8_t dscp = 0;
};

// One UDP socket of a device: a descriptor for as long as the object lives.
class UdpSocket {
 public:
  virtual ~UdpSocket() = default;
  virtual std::uint16_t port() const = 0;  // own
  virtual Result<> set_ttl(std::uint8_t ttl) = 0;
  // At once: a datagram that the network cannot take now is lost, as on the way. Errors: network (unreachable, too
  // large), system.
  virtual Result<> send(const UdpEndpoint& to, std::string_view bytes) = 0;
  // The next datagram. One call at a time; the object outlives it. Errors: timeout, cancelled, network, system.
  virtual Task<Result<Datagram>> receive(Deadline deadline) = 0;
};

class Udp {
 public:
  virtual ~Udp() = default;
  // Bound to the path's source address and on its plane. Errors: resources (no descriptor), network (the port is in
  // use, the address is gone), system.
  virtual Result<std::unique_ptr<UdpSocket>> open(const Path& path, UdpOptions options) = 0;
};

}  // namespace hnbemu
