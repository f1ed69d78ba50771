#include "device/echo_server.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "device/diagnostic_tests.h"
#include "diagnostics/test_object.h"

namespace hnbemu::device {

EchoServer::EchoServer(boost::asio::any_io_executor executor, procedures::Context& context)
    : executor_(std::move(executor)), context_(context), object_(diagnostics::udp_echo_object(context.model)) {
  if (!object_.empty()) show_statistics();
}

bool EchoServer::Terms::operator==(const Terms& other) const {
  const auto same = [](const Path& a, const Path& b) { return a.plane == b.plane && a.source == b.source; };
  return port == other.port && std::ranges::equal(paths, other.paths, same);
}

void EchoServer::show_statistics() {
  using Counts = diagnostics::UdpEcho::Statistics;
  const auto count = [this](const char* name, std::uint32_t Counts::*field) {
    context_.model.set_source(object_ + name, [this, field] { return fmt::to_string(echo_.statistics().*field); });
  };
  const auto time = [this](const char* name, std::optional<WallTime> Counts::*field) {
    context_.model.set_source(object_ + name, [this, field] {
      const auto& at = echo_.statistics().*field;
      return at ? to_date_time(*at) : std::string(unknown_time);
    });
  };
  count("PacketsReceived", &Counts::packets_received);
  count("PacketsResponded", &Counts::packets_responded);
  count("BytesReceived", &Counts::bytes_received);
  count("BytesResponded", &Counts::bytes_responded);
  time("TimeFirstPacketReceived", &Counts::first_packet);
  time("TimeLastPacketReceived", &Counts::last_packet);
}

// TR-181 UDPEchoConfig: without an Interface it listens on all.
EchoServer::Terms EchoServer::terms(const std::optional<Path>& service) const {
  const diagnostics::Settings settings(context_.model, object_);
  const auto port = settings.number("UDPPort");
  if (!enabled_ || !service || port == 0 || port > UINT16_MAX) return {};
  Terms terms{{}, static_cast<std::uint16_t>(port)};
  const auto interface = settings.text("Interface");
  if (!interface.empty()) {
    if (const auto path = path_of(context_, *service, interface)) terms.paths.push_back(*path);
    return terms;
  }
  terms.paths.push_back(context_.outer);
  if (service->plane == Plane::inner) terms.paths.push_back(*service);
  return terms;
}

void EchoServer::follow(const std::optional<Path>& service) {
  if (object_.empty() || context_.ports.diagnostics == nullptr) return;
  const diagnostics::Settings settings(context_.model, object_);
  const bool enabled = settings.text("Enable") == "true";
  if (enabled && !enabled_) echo_.reset();
  enabled_ = enabled;
  const auto client = IpAddress::parse(settings.text("SourceIPAddress")).value_or(IpAddress{});
  echo_.configure(client, settings.text("EchoPlusEnabled") == "true");
  auto wanted = terms(service);
  if (wanted == terms_) return;
  terms_ = std::move(wanted);
  for (auto& listener : listeners_) {
    if (!listener.ended) listener.cancel.emit(boost::asio::cancellation_type::terminal);
  }
  if (closed()) open_all();  // else the ports may not be free yet
}

void EchoServer::open_all() {
  listeners_.clear();
  opened_ = terms_;
  for (const auto& path : terms_.paths) open(path);
}

void EchoServer::open(const Path& path) {
  auto opened = context_.ports.diagnostics->udp.open(path, UdpOptions{.port = terms_.port});
  if (!opened) return;
  std::shared_ptr<UdpSocket> socket = std::move(*opened);
  auto& listener = listeners_.emplace_back();
  ++running_;
  const auto done = [this, &listener](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
    ended(listener);
  };
  boost::asio::co_spawn(executor_, answer(std::move(socket)),
                        boost::asio::bind_cancellation_slot(listener.cancel.slot(), done));
}

// The signal of a listener that has just ended is still in use.
void EchoServer::ended(Listener& listener) {
  listener.ended = true;
  if (--running_ > 0) return;
  settling_ = true;
  boost::asio::post(executor_, [this] {
    settling_ = false;
    if (opened_ != terms_) open_all();
    if (closed() && ended_) ended_();
  });
}

Task<void> EchoServer::answer(std::shared_ptr<UdpSocket> socket) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  auto& clock = context_.ports.clock;
  for (unsigned turn = 1;; ++turn) {
    const auto datagram = co_await socket->receive(Deadline::max());
    const bool stopped = co_await is_cancelled();
    if (!datagram || stopped) co_return;
    auto reply = echo_.received(datagram->peer.address, datagram->bytes, clock.wall_now());
    if (reply) {
      echo_.stamp(*reply, clock.wall_now());
      echo_.sent(*reply, socket->send(datagram->peer, *reply).has_value());
    }
    if (turn % kMaxEchoesPerTurn == 0) co_await boost::asio::post(executor_, boost::asio::use_awaitable);
  }
}

}  // namespace hnbemu::device
