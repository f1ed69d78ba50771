#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "diagnostics/udp_echo.h"
#include "procedures/context.h"

namespace hnbemu::device {

// The device's UDP echo server (TR-143 A.1), as its UDPEchoConfig says. Sockets are open only while it is enabled.
class EchoServer {
 public:
  static constexpr unsigned kMaxEchoesPerTurn = 64;  // before others of the device's thread have their turn

  EchoServer(boost::asio::any_io_executor executor, procedures::Context& context);
  EchoServer(const EchoServer&) = delete;

  // UDPEchoConfig, or the way to the HMS, may be another. Nothing: out of service, and closed.
  void follow(const std::optional<Path>& service);
  // Sockets that were open when it was closed may take a while to be gone; then `ended` is called.
  bool closed() const { return running_ == 0 && !settling_; }
  void on_end(std::function<void()> ended) { ended_ = std::move(ended); }

 private:
  struct Terms {  // what the sockets were opened for
    std::vector<Path> paths;
    std::uint16_t port = 0;
    bool operator==(const Terms& other) const;
  };
  struct Listener {
    boost::asio::cancellation_signal cancel;
    bool ended = false;
  };
  Terms terms(const std::optional<Path>& service) const;
  void show_statistics();
  void open_all();
  void open(const Path& path);
  void ended(Listener& listener);
  Task<void> answer(std::shared_ptr<UdpSocket> socket);

  boost::asio::any_io_executor executor_;
  procedures::Context& context_;
  std::string object_;
  diagnostics::UdpEcho echo_;
  bool enabled_ = false;
  Terms terms_;
  Terms opened_;  // what was open last
  std::list<Listener> listeners_;
  std::size_t running_ = 0;  // of them
  bool settling_ = false;    // they have just ended
  std::function<void()> ended_;
};

}  // namespace hnbemu::device
