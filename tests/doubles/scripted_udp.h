#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <functional>
#include <set>
#include <string>

#include "ports/clock.h"
#include "ports/udp.h"

namespace hnbemu::doubles {

// The datagrams of a device: what it sends goes to the test, and what the test delivers arrives at once.
class ScriptedUdp : public Udp {
 public:
  using Sent = std::function<void(const UdpEndpoint& from, const UdpEndpoint& to, std::string_view bytes)>;

  ScriptedUdp(boost::asio::any_io_executor executor, Clock& clock) : executor_(std::move(executor)), clock_(clock) {}
  Result<std::unique_ptr<UdpSocket>> open(const Path& path, UdpOptions options) override;

  void on_send(Sent sent) { sent_ = std::move(sent); }
  // False if there is no socket at that place.
  bool deliver(const UdpEndpoint& to, Datagram datagram);
  std::vector<UdpEndpoint> open_sockets() const;

  std::optional<Error> refusal;  // of open()

 private:
  class Socket;
  boost::asio::any_io_executor executor_;
  Clock& clock_;
  Sent sent_;
  std::set<Socket*> sockets_;
  std::uint16_t next_port_ = 40'000;
};

}  // namespace hnbemu::doubles
