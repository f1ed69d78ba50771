#include "doubles/scripted_diagnostics.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hnbemu::doubles {
namespace {

// Waits for an answer that comes at `when`, if it comes at all.
Task<Result<>> wait(Clock& clock, std::optional<Deadline> when, Deadline deadline) {
  const bool late = !when || *when > deadline;
  const auto until = late ? deadline : *when;
  const auto slept = co_await clock.sleep_until(until);
  if (!slept) co_return tl::unexpected(slept.error());
  if (late) co_return fail(Cause::timeout, "no answer in time");
  co_return Result<>{};
}

}  // namespace

Task<Result<EchoReply>> ScriptedEcho::echo(EchoRequest request, Path path, Deadline deadline) {
  requests.push_back(request);
  paths.push_back(path);
  if (unreachable.contains(request.target)) {
    co_return EchoReply{EchoReply::Kind::unreachable, IpAddress::v4(1), 1, Millis{1}};
  }
  const auto found = hosts.find(request.target);
  std::optional<Deadline> when;
  if (found != hosts.end()) when = clock_.now() + found->second.time;
  const auto waited = co_await wait(clock_, when, deadline);
  if (!waited) co_return tl::unexpected(waited.error());
  const auto& host = found->second;
  EchoReply reply{EchoReply::Kind::echo, request.target, 0, host.time};
  if (request.ttl != 0 && request.ttl <= host.routers.size()) {
    reply.kind = EchoReply::Kind::time_exceeded;
    reply.from = host.routers[request.ttl - 1U];
  }
  co_return reply;
}

Task<Result<NameAnswer>> ScriptedLookup::look_up(std::string name, IpAddress server, Path, Deadline deadline) {
  ++questions;
  const auto found = servers.find(server);
  std::optional<Deadline> when;
  if (found != servers.end()) when = clock_.now() + Millis{5};
  const auto waited = co_await wait(clock_, when, deadline);
  if (!waited) co_return tl::unexpected(waited.error());
  NameAnswer answer;
  answer.code = NameAnswer::Code::no_such_name;
  if (const auto known = found->second.find(name); known != found->second.end()) answer = known->second;
  answer.time = Millis{5};
  co_return answer;
}

Task<Result<std::string>> ScriptedLookup::name_of(IpAddress address, Path, Deadline) {
  const auto found = names.find(address);
  if (found == names.end()) co_return fail(Cause::dns_no_such_name, "no name");
  co_return found->second;
}

Task<Result<ThroughputOutcome>> ScriptedThroughput::run(ThroughputRequest request, Path path, Deadline deadline) {
  requests.push_back(request);
  paths.push_back(path);
  diagnostics::ThroughputConnection connection;
  using Micros = std::chrono::microseconds;
  const auto at = [this](Micros after) { return clock_.wall_now() + after; };
  connection.tcp_open_request = at(Micros{1});
  connection.tcp_open_response = at(Micros{2});
  connection.request = at(Micros{3});
  connection.begin = at(Micros{4});
  const auto waited = co_await wait(clock_, clock_.now() + time, deadline);
  if (!waited) co_return tl::unexpected(waited.error());
  connection.end = at(Micros{5});
  connection.test_bytes = request.upload ? request.upload_bytes : 100'000;
  connection.ip_bytes_received = 104'000;
  connection.ip_bytes_sent = 2'000;
  ThroughputOutcome outcome{failure, "", {}};
  outcome.measured.connections.assign(request.connections, connection);
  co_return outcome;
}

namespace {

class Socket : public UdpSocket {
 public:
  Socket(ScriptedEchoSockets& owner, std::shared_ptr<ScriptedEchoSockets::Open> state)
      : owner_(owner), state_(std::move(state)) {}
  ~Socket() override { std::erase(owner_.sockets, state_); }
  std::uint16_t port() const override { return state_->own.port; }
  Result<> set_ttl(std::uint8_t) override { return {}; }
  Result<> send(const UdpEndpoint& to, std::string_view bytes) override {
    owner_.sent.push_back({to, std::string(bytes), std::nullopt});
    return {};
  }
  Task<Result<Datagram>> receive(Deadline) override {
    if (state_->arrived.empty()) {
      const auto executor = co_await boost::asio::this_coro::executor;
      state_->arrival = std::make_unique<boost::asio::steady_timer>(executor, Deadline::max());
      co_await state_->arrival->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (state_->arrived.empty()) co_return fail(Cause::cancelled, "the device was stopped");
    auto datagram = std::move(state_->arrived.front());
    state_->arrived.pop_front();
    co_return datagram;
  }

 private:
  ScriptedEchoSockets& owner_;
  std::shared_ptr<ScriptedEchoSockets::Open> state_;
};

}  // namespace

Result<std::unique_ptr<UdpSocket>> ScriptedEchoSockets::open(const Path& path, UdpOptions options) {
  auto state = std::make_shared<Open>(Open{{path.source, options.port}});
  for (const auto& other : sockets) {
    if (other->own == state->own) return fail(Cause::network, state->own.to_string() + " is in use");
  }
  sockets.push_back(state);
  return std::make_unique<Socket>(*this, std::move(state));
}

bool ScriptedEchoSockets::deliver(const UdpEndpoint& peer, std::uint16_t port, std::string bytes) {
  for (const auto& socket : sockets) {
    if (socket->own.port != port) continue;
    socket->arrived.push_back({peer, std::move(bytes), std::nullopt});
    if (socket->arrival) socket->arrival->cancel();
    return true;
  }
  return false;
}

}  // namespace hnbemu::doubles
