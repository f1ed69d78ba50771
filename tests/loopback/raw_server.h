#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "loopback/listener.h"

namespace hnbemu::loopback {

// Of one HTTP request with a Content-Length, its body; nothing when the other end has gone.
std::optional<std::string> read_request(int socket);
bool send_all(int socket, std::string_view bytes);  // false when the other end has gone
std::string http_reply(std::string_view status_and_headers, std::string_view body);  // "200 OK\r\nX: y"

// An ACS that accepts the Inform and has nothing to say.
void be_a_good_acs(int socket);

// A TCP server on the loopback: each connection is a script's, on a thread of its own, until the script returns.
class RawServer {
 public:
  using Script = std::function<void(int socket)>;

  RawServer();
  ~RawServer();  // cuts the connections
  std::uint16_t port() const { return listener_.port(); }
  void play(Script script);  // on the connections from now on

 private:
  void accept_connections();

  Listener listener_;
  std::mutex mutex_;
  Script script_ = be_a_good_acs;
  std::set<int> open_;
  std::condition_variable closed_;
  std::thread acceptor_;
};

}  // namespace hnbemu::loopback
