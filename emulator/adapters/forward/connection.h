#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/forward/forwarder.h"

namespace hnbemu::forward {

// Two sockets, each fed with what the other receives. The handlers of its operations share it, so that it outlives them
// all; it ends by itself, or by abort().
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using tcp = boost::asio::ip::tcp;
  using Connected = std::function<void(const boost::system::error_code& error)>;
  using Ended = std::function<void(Connection& self)>;

  Connection(tcp::socket accepted, tcp::socket outbound, Limits limits);
  // `connected` is called once, unless abort() comes first; `ended` once, last, and not by abort().
  void start(const tcp::endpoint& target, Connected connected, Ended ended, std::shared_ptr<Stats> stats);
  void abort();  // both ends are reset

 private:
  struct Way {
    tcp::socket& from;
    tcp::socket& to;
    std::uint64_t Stats::*bytes;
    bool ended = false;  // `from` has sent its last byte, and `to` knows
    std::array<char, kBufferBytes> buffer{};
  };

  void on_connect(const boost::system::error_code& error, const Connected& connected);
  void read(Way& way);
  void write(Way& way, std::size_t size);
  void half_close(Way& way);
  void touch();
  void watch_idle();
  void finish();

  tcp::socket accepted_;
  tcp::socket outbound_;
  Limits limits_;
  boost::asio::steady_timer timer_;
  Deadline last_byte_{};
  bool timed_out_ = false;
  bool over_ = false;
  Way forward_{accepted_, outbound_, &Stats::bytes_forward};
  Way back_{outbound_, accepted_, &Stats::bytes_back};
  Ended ended_;
  std::shared_ptr<Stats> stats_;
};

// Closes with RST instead of FIN, at once.
void reset(boost::asio::ip::tcp::socket& socket);

}  // namespace hnbemu::forward
