#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ipsec/vici_message.h"
#include "ports/task.h"

namespace hnbemu::ipsec::vici {

// One vici connection to one charon: commands, of which charon takes one at a time and in their order, and the events
// that were subscribed. On one executor.
class Client {
 public:
  explicit Client(boost::asio::any_io_executor executor);
  ~Client();  // commands under way end with Cause::cancelled

  // Tries until the daemon answers, since its socket can exist before it does, or has ended. Then subscribes.
  Task<Result<>> connect(std::string socket_path, std::vector<std::string> events, Deadline deadline,
                         std::function<bool()> is_running = nullptr);
  // The daemon's answer; "success" = "no" in it is an error with the daemon's own words, Cause::configuration. A
  // command that was given up keeps the connection busy until charon answers it.
  Task<Result<Section>> command(std::string name, Section message, Deadline deadline);

  using EventHandler = std::function<void(const std::string& name, const Section& message)>;
  void on_event(EventHandler handler);
  void on_closed(std::function<void()> handler);  // the daemon went away; never from inside command()
  void close();
  bool is_open() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hnbemu::ipsec::vici
