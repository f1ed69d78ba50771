#include "doubles/scripted_udp.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hnbemu::doubles {

class ScriptedUdp::Socket : public UdpSocket {
 public:
  Socket(ScriptedUdp& network, UdpEndpoint own) : network_(network), own_(own), arrival_(network.executor_) {
    network_.sockets_.insert(this);
  }
  ~Socket() override { network_.sockets_.erase(this); }

  std::uint16_t port() const override { return own_.port; }
  Result<> set_ttl(std::uint8_t) override { return {}; }
  Result<> send(const UdpEndpoint& to, std::string_view bytes) override {
    if (network_.sent_) network_.sent_(own_, to, bytes);
    return {};
  }
  Task<Result<Datagram>> receive(Deadline deadline) override {
    using namespace boost::asio::experimental::awaitable_operators;
    if (arrived_.empty()) {
      arrival_.expires_at(Deadline::max());
      const auto woken = co_await (wait_for_arrival() || network_.clock_.sleep_until(deadline));
      const bool stopped = woken.index() == 1 && !std::get<1>(woken);
      if (stopped) co_return fail(Cause::cancelled, "the device was stopped");
    }
    if (arrived_.empty()) co_return fail(Cause::timeout, "no datagram has come");
    Datagram first = std::move(arrived_.front());
    arrived_.pop_front();
    co_return first;
  }

  const UdpEndpoint& own() const { return own_; }
  void deliver(Datagram datagram) {
    arrived_.push_back(std::move(datagram));
    arrival_.cancel();
  }

 private:
  Task<void> wait_for_arrival() { co_await arrival_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)); }

  ScriptedUdp& network_;
  UdpEndpoint own_;
  boost::asio::steady_timer arrival_;  // never expires: its cancellation is the signal
  std::deque<Datagram> arrived_;
};

Result<std::unique_ptr<UdpSocket>> ScriptedUdp::open(const Path& path, UdpOptions options) {
  if (refusal) return tl::unexpected(*refusal);
  const UdpEndpoint own{path.source, options.port != 0 ? options.port : next_port_++};
  const auto taken = open_sockets();
  if (std::ranges::find(taken, own) != taken.end()) return fail(Cause::network, own.to_string() + " is in use");
  return std::make_unique<Socket>(*this, own);
}

bool ScriptedUdp::deliver(const UdpEndpoint& to, Datagram datagram) {
  for (auto* const socket : sockets_) {
    if (socket->own() != to) continue;
    socket->deliver(std::move(datagram));
    return true;
  }
  return false;
}

std::vector<UdpEndpoint> ScriptedUdp::open_sockets() const {
  std::vector<UdpEndpoint> places;
  for (const auto* const socket : sockets_) places.push_back(socket->own());
  return places;
}

}  // namespace hnbemu::doubles
