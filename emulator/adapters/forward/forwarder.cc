#include "adapters/forward/forwarder.h"

#include <spdlog/spdlog.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unordered_set>

#include "adapters/forward/connection.h"

namespace hnbemu::forward {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

IpAddress address_of(const tcp::endpoint& endpoint) {
  return IpAddress::v4(endpoint.address().to_v4().to_uint());
}

}  // namespace

struct Forwarder::State : std::enable_shared_from_this<State> {
  State(const asio::any_io_executor& executor, Target to, Limits bounds)
      : target(std::move(to)), limits(bounds), acceptor(executor), retry(executor) {}

  void accept();
  void accept_later();
  void begin(tcp::socket accepted, const tcp::endpoint& peer);
  void failed(const std::string& why);
  void close();

  Target target;
  Limits limits;
  tcp::acceptor acceptor;
  asio::steady_timer retry;
  std::unordered_set<std::shared_ptr<Connection>> connections;
  std::shared_ptr<Stats> stats = std::make_shared<Stats>();
  bool failing = false;  // said in the log once, until a connection succeeds
  bool closed = false;
};

void Forwarder::State::accept() {
  auto peer = std::make_shared<tcp::endpoint>();
  auto on_end = [self = shared_from_this(), peer](const error_code& error, tcp::socket accepted) {
    if (self->closed) return;
    if (error) return self->accept_later();
    self->begin(std::move(accepted), *peer);
    self->accept();
  };
  acceptor.async_accept(*peer, std::move(on_end));
}

// Without descriptors or memory the connection stays in the kernel's queue: asking at once again would only spin.
void Forwarder::State::accept_later() {
  retry.expires_after(kAcceptRetry);
  retry.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error && !self->closed) self->accept();
  });
}

void Forwarder::State::begin(tcp::socket accepted, const tcp::endpoint& peer) {
  if (connections.size() >= limits.connections) {
    ++stats->over_limit;
    return reset(accepted);
  }
  ++stats->connections;
  auto outbound = target(address_of(peer));
  if (closed) return;
  tcp::socket socket(acceptor.get_executor());
  error_code error;
  if (outbound) socket.assign(tcp::v4(), outbound->socket.get(), error);
  if (!outbound || error) {
    ++stats->refused;
    reset(accepted);
    return failed(outbound ? error.message() : outbound.error().to_string());
  }
  outbound->socket.release();
  const tcp::endpoint to(asio::ip::address_v4(outbound->address.to_v4()), outbound->port);
  auto connection = std::make_shared<Connection>(std::move(accepted), std::move(socket), limits);
  connections.insert(connection);
  const std::weak_ptr<State> weak = weak_from_this();
  auto connected = [weak, to](const error_code& why) {
    const auto self = weak.lock();
    if (!self || !why) {
      if (self) self->failing = false;
      return;
    }
    ++self->stats->refused;
    self->failed(fmt::format("{}:{}: {}", to.address().to_string(), to.port(), why.message()));
  };
  auto ended = [weak](Connection& over) {
    if (const auto self = weak.lock()) self->connections.erase(over.shared_from_this());
  };
  connection->start(to, std::move(connected), std::move(ended), stats);
}

void Forwarder::State::failed(const std::string& why) {
  if (!std::exchange(failing, true))
    spdlog::warn("forwarder: connections are reset, because their target fails: {}", why);
}

void Forwarder::State::close() {
  closed = true;
  error_code ignored;
  acceptor.close(ignored);
  retry.cancel();
  for (const auto& connection : std::exchange(connections, {})) connection->abort();
}

Result<std::unique_ptr<Forwarder>> Forwarder::open(asio::any_io_executor executor, UniqueFd listening, Target target,
                                                   Limits limits) {
  auto state = std::make_shared<State>(executor, std::move(target), limits);
  error_code error;
  state->acceptor.assign(tcp::v4(), listening.get(), error);
  if (error) return fail_errno("a forwarder's listening socket", error.value());
  listening.release();
  state->accept();
  return std::unique_ptr<Forwarder>(new Forwarder(std::move(state)));
}

Forwarder::Forwarder(std::shared_ptr<State> state) : state_(std::move(state)) {}

Forwarder::~Forwarder() {
  close();
}

void Forwarder::close() {
  state_->close();
}

Stats Forwarder::stats() const {
  Stats now = *state_->stats;
  now.open = state_->connections.size();
  return now;
}

}  // namespace hnbemu::forward
