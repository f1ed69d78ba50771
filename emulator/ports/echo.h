#pragma once

#include <chrono>
#include <cstdint>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// One ICMP echo request (RFC 792).
struct EchoRequest {
  IpAddress target;
  std::uint16_t data_bytes = 0;
  std::uint8_t dscp = 0;
  std::uint8_t ttl = 0;  // 0: the system's
};

struct EchoReply {
  enum class Kind : std::uint8_t { echo, time_exceeded, unreachable };
  Kind kind = Kind::echo;
  IpAddress from;         // the target, or the router that says that it cannot be reached
  std::uint8_t code = 0;  // of the ICMP message
  std::chrono::microseconds time{0};
};

class Echo {
 public:
  virtual ~Echo() = default;
  // What comes back on one request, from wherever. A descriptor for as long as the call lasts. Errors: timeout (nothing
  // came), network (it could not be sent: no route, too large), resources, system, cancelled.
  virtual Task<Result<EchoReply>> echo(EchoRequest request, Path path, Deadline deadline) = 0;
};

}  // namespace hnbemu
