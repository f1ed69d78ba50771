#pragma once

#include <ares.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "netns/namespace.h"
#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu::dns {

struct ChannelOptions {
  std::vector<IpAddress> servers;
  std::uint16_t port = 53;
  int timeout_ms = 0;  // of one question to one server
  int tries = 1;       // rounds over all servers
  int flags = 0;       // ARES_FLAG_…, beside those that a device always has
};

// c-ares over Asio, in a device's namespace and on a path of it; for one question. The handlers of its operations share
// it, so that it outlives them all.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  Channel(boost::asio::any_io_executor executor, const netns::Namespace& home, Path path);
  Channel(const Channel&) = delete;
  virtual ~Channel();

  Result<> open(const ChannelOptions& options);
  ares_channel handle() const { return channel_; }
  const Path& path() const { return path_; }
  // From the start of the question, which is by then under way, until answered() or the deadline. Then the channel is
  // closed.
  Task<void> wait(Deadline deadline);
  void answered();

 private:
  struct Watch {
    explicit Watch(boost::asio::posix::stream_descriptor made) : descriptor(std::move(made)) {}
    boost::asio::posix::stream_descriptor descriptor;
    bool read = false;
    bool write = false;
    bool reading = false;
    bool writing = false;
  };

  static ares_socket_t on_open(int domain, int type, int protocol, void* self);
  static void on_state(void* self, ares_socket_t socket, int read, int write);
  void watch(ares_socket_t socket);
  void process(ares_socket_t read, ares_socket_t write);
  void arm_tick();

  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  Path path_;
  boost::asio::steady_timer done_;  // cancelled when the answer is there
  boost::asio::steady_timer tick_;  // c-ares' own time-outs
  ares_channel channel_ = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Watch>> watches_;
  bool answered_ = false;
};

}  // namespace hnbemu::dns
