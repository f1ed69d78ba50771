#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "hms/http_message.h"
#include "hms/tls.h"

namespace hnbemu::hms {

inline constexpr std::size_t kMaxConnections = 20'000;  // of one server; more are closed at once
inline constexpr std::uint32_t kMaxHeaderBytes = 64 * 1024;
inline constexpr std::uint64_t kMaxBodyBytes = 8u << 20;
inline constexpr Seconds kIoTimeout{30};    // of a TLS handshake, of a request from its first byte, of a reply
inline constexpr Seconds kIdleTimeout{60};  // between two requests of a connection
inline constexpr Seconds kStopGrace{2};     // for replies under way when the server stops

// Where the server listens and who answers there. The handler outlives the server.
struct Listener {
  UniqueFd socket;  // bound and listening; it may belong to any namespace
  HttpHandler* handler = nullptr;
  std::optional<TlsConfig> tls;
};

// A listening TCP socket in the caller's namespace; port 0 takes a free one. `socket`, if given, is used instead of a
// new one: it comes from netns::socket_in.
Result<UniqueFd> listen_on(const IpAddress& address, std::uint16_t port, UniqueFd socket = {});
Result<std::uint16_t> port_of(const UniqueFd& socket);

// An HTTP/1.1 server with a thread of its own, on which it calls the handlers.
class Server {
 public:
  static Result<std::unique_ptr<Server>> start(std::vector<Listener> listeners);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Accepts nothing more, lets replies under way go out for kStopGrace at most, closes all. The handlers are not called
  // after it returns.
  void stop();

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hnbemu::hms
