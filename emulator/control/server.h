#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "control/message.h"

namespace hnbemu::control {

inline constexpr std::size_t kMaxConnections = 64;  // more wait in the kernel's queue
inline constexpr unsigned kWorkers = 4;             // requests that are answered at once
inline constexpr Seconds kIoTimeout{10};            // of a request from its first byte, and of a reply
inline constexpr Seconds kIdleTimeout{60};          // between two requests of a connection

// Called on a thread of the server's own, several at once; blocks for seconds at most.
using Handler = std::function<Reply(const Request&)>;

class Server {
 public:
  // The socket file is replaced if it is there, is readable and writable for its owner alone, and goes with the server.
  static Result<std::unique_ptr<Server>> start(const std::string& socket_file, Handler handler);
  ~Server();  // the handler is not called after it
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hnbemu::control
