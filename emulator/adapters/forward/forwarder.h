#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

// TCP carried from one namespace into another, for an ACS that listens on the host's loopback while devices live in
// namespaces of their own, and for connection requests the other way.
namespace hnbemu::forward {

inline constexpr std::size_t kBufferBytes = std::size_t{16} * 1024;  // each way of a connection
inline constexpr std::size_t kMaxConnections = 4096;                 // of one forwarder; more are reset at once
inline constexpr Seconds kConnectTimeout{10};
inline constexpr Seconds kIdleTimeout{600};  // longer than a CWMP session may be silent: the ends' own time-outs win
inline constexpr Millis kAcceptRetry{100};   // after EMFILE and its like

struct Limits {
  std::size_t connections = kMaxConnections;
  Millis connect = kConnectTimeout;
  Millis idle = kIdleTimeout;
};

// Where an accepted connection goes on. The socket is non-blocking, not connected, and bound where the caller wants it
// to come from (netns::device_socket makes one): its namespace and source address are what the target sees.
struct Outbound {
  UniqueFd socket;
  IpAddress address;
  std::uint16_t port = 0;
};

// Asked once for each connection, with the address that it comes from.
using Target = std::function<Result<Outbound>(const IpAddress& peer)>;

struct Stats {
  std::uint64_t connections = 0;    // accepted and given to the target, whatever came of it
  std::uint64_t refused = 0;        // of them: the target could not be connected to
  std::uint64_t over_limit = 0;     // reset at once, because Limits::connections were open
  std::uint64_t bytes_forward = 0;  // delivered to the target
  std::uint64_t bytes_back = 0;     // delivered to who connected
  std::size_t open = 0;
};

// Accepts connections and carries their bytes both ways, half-closes included. When the target refuses, does not answer
// or resets, the accepted connection is reset, so that a device sees the network failure that it would see without a
// forwarder. A peer that does not read stops its own connection only. Used on the executor's thread alone.
class Forwarder {
 public:
  // `listening` is bound, listening and non-blocking; it may belong to any namespace.
  static Result<std::unique_ptr<Forwarder>> open(boost::asio::any_io_executor executor, UniqueFd listening,
                                                 Target target, Limits limits = {});
  ~Forwarder();  // closes
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  void close();  // listening socket and connections, at once; the target is not asked any more
  Stats stats() const;

 private:
  struct State;
  explicit Forwarder(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace hnbemu::forward
