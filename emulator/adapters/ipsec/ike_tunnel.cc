#include "adapters/ipsec/ike_tunnel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hnbemu::ipsec {
namespace {

namespace asio = boost::asio;
constexpr auto use_result = asio::as_tuple(asio::use_awaitable);
constexpr Seconds kDaemonStart{10};
constexpr std::uint32_t kUnreachableRule = 230;  // behind charon's own table, 220

// charon ends a command that much before our own deadline, so that its answer is still read.
constexpr Millis kAnswerMargin{500};

std::string milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::duration_cast<Millis>(deadline - std::chrono::steady_clock::now());
  return fmt::to_string(std::max<std::int64_t>(left.count(), 1));
}

std::vector<std::string> events() {
  return {"ike-updown", "child-updown", "control-log"};
}

}  // namespace

IkeTunnel::IkeTunnel(asio::any_io_executor executor, const netns::Namespace& home, std::string directory,
                     IpAddress outer, EspBackend esp, IkeConfig config)
    : executor_(executor),
      home_(home),
      directory_(std::move(directory)),
      outer_(outer),
      esp_(esp),
      config_(std::move(config)),
      changed_(executor, Deadline::max()) {}

IkeTunnel::~IkeTunnel() {
  *alive_ = false;
  drop_daemon();
}

Task<Result<TunnelState>> IkeTunnel::establish(TunnelRequest request, Deadline deadline) {
  const std::string name = request.name;
  const auto daemon = co_await ensure_daemon(deadline);
  if (!daemon) co_return tl::unexpected(daemon.error());
  connections_.erase(name);
  connections_[name].state.name = name;
  connections_[name].state.gateway = request.gateway;
  auto result = co_await initiate(std::move(request), deadline);
  if (result) co_return result;
  connections_.erase(name);
  // A daemon that does not answer, or that was left in the middle of an exchange, is replaced at the next attempt.
  const bool broken = !vici_ || !vici_->is_open();
  if (broken) {
    drop_daemon();
    co_return result;
  }
  vici::Section unload;
  unload.set("name", name);
  const auto soon = std::chrono::steady_clock::now() + Seconds{2};
  const auto unloaded = co_await vici_->command("unload-conn", std::move(unload), soon);
  if (!unloaded) drop_daemon();
  co_return result;
}

Task<Result<>> IkeTunnel::ensure_daemon(Deadline deadline) {
  if (vici_ && vici_->is_open() && charon_->running()) co_return Result<>{};
  drop_daemon();
  auto charon = Charon::start(home_, directory_, CharonRole::initiator, esp_);
  if (!charon) co_return tl::unexpected(charon.error());
  charon_ = std::move(*charon);
  vici_ = std::make_unique<vici::Client>(executor_);
  vici_->on_event([this](const std::string& name, const vici::Section& message) { on_vici(name, message); });

  const auto patience = std::min(deadline, std::chrono::steady_clock::now() + kDaemonStart);
  const auto connected = co_await vici_->connect(charon_->socket_path(), events(), patience);
  if (!connected) {
    drop_daemon();
    co_return connected;
  }
  vici_->on_closed([this] { on_daemon_gone(); });
  for (const auto& ca : config_.trusted_cas) {
    vici::Section load;
    load.set("type", "X509");
    load.set("flag", "CA");
    load.set("data", ca);
    const auto loaded = co_await vici_->command("load-cert", std::move(load), patience);
    if (!loaded) co_return fail(Cause::configuration, "the operator's CA certificate: " + loaded.error().detail);
  }
  vici::Section key;
  key.set("type", "any");
  key.set("data", config_.private_key);
  const auto loaded = co_await vici_->command("load-key", std::move(key), patience);
  if (!loaded) co_return fail(Cause::configuration, "the device's private key: " + loaded.error().detail);
  co_return Result<>{};
}

vici::Section IkeTunnel::connection_message(const TunnelRequest& request) const {
  vici::Section message;
  auto& connection = message.add(request.name);
  connection.set("version", "2");
  connection.set("local_addrs", vici::List{outer_.to_string()});
  connection.set("remote_addrs", vici::List{request.gateway.to_string()});
  connection.set("proposals", config_.ike_proposals);
  connection.set("vips", vici::List{"0.0.0.0"});
  connection.set("mobike", "no");
  connection.set("keyingtries", "1");
  connection.set("dpd_delay", fmt::format("{}s", config_.dpd_delay.count()));
  // ESP in user space reads UDP sockets alone, so it needs the encapsulation of RFC 3948.
  connection.set("encap", esp_ == EspBackend::user_space ? "yes" : "no");
  auto& local = connection.add("local");
  local.set("auth", "pubkey");
  local.set("id", config_.identity);
  local.set("certs", vici::List{config_.certificate});
  auto& remote = connection.add("remote");
  remote.set("auth", "pubkey");
  remote.set("id", request.gateway_identity);  // without it any peer that the CA signed would do
  auto& child = connection.add("children").add(request.name);
  child.set("remote_ts", config_.remote_ts);
  child.set("esp_proposals", config_.esp_proposals);
  child.set("updown", charon_->updown_command());
  child.set("dpd_action", "clear");
  return message;
}

Task<Result<TunnelState>> IkeTunnel::initiate(TunnelRequest request, Deadline deadline) {
  const std::string name = request.name;
  auto connection = connection_message(request);
  const auto loaded = co_await vici_->command("load-conn", std::move(connection), deadline);
  if (!loaded) co_return fail(Cause::configuration, loaded.error().detail);

  // Waits for the outcome and streams charon's log meanwhile: its own retransmission ends it before our deadline.
  vici::Section initiate;
  initiate.set("child", name);
  initiate.set("ike", name);
  initiate.set("loglevel", "1");
  initiate.set("timeout", milliseconds_until(deadline - kAnswerMargin));
  const auto initiated = co_await vici_->command("initiate", std::move(initiate), deadline);
  if (!initiated && (initiated.error().cause == Cause::timeout || initiated.error().cause == Cause::cancelled)) {
    co_return tl::unexpected(initiated.error());
  }
  if (!initiated) co_return tl::unexpected(classify(connections_[name].log));

  const auto up = co_await wait_for_child(name, deadline);
  if (!up) co_return tl::unexpected(up.error());
  auto& made = connections_[name];
  if (made.state.inner_address.is_unspecified()) {
    co_return fail(Cause::ike_negotiation, "the SeGW assigned no inner address");
  }
  if (const auto safe = protect(made.state.inner_address); !safe) co_return tl::unexpected(safe.error());
  made.established = true;
  made.log.clear();
  co_return made.state;
}

// initiate is answered as soon as the SA is there, the child-updown event comes after the updown helper has ended.
Task<Result<>> IkeTunnel::wait_for_child(std::string name, Deadline deadline) {
  while (!connections_[name].child_up) {
    if (!vici_ || !vici_->is_open()) co_return fail(Cause::tunnel_lost, "charon went away");
    if (std::chrono::steady_clock::now() >= deadline) co_return fail(Cause::timeout, "charon told of no CHILD SA");
    changed_.expires_at(deadline);
    co_await changed_.async_wait(use_result);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return fail(Cause::cancelled, "waiting for the CHILD SA");
  }
  co_return Result<>{};
}

Task<Result<>> IkeTunnel::release(std::string name, Deadline deadline) {
  const bool known = connections_.erase(name) > 0;
  if (!known || !vici_ || !vici_->is_open()) co_return Result<>{};
  vici::Section terminate;
  terminate.set("ike", name);
  terminate.set("timeout", milliseconds_until(deadline - kAnswerMargin));
  terminate.set("force", "yes");  // with a time-out: only after the peer was asked
  auto terminated = co_await vici_->command("terminate", std::move(terminate), deadline);
  vici::Section unload;
  unload.set("name", name);
  auto done = terminated;
  if (terminated) done = co_await vici_->command("unload-conn", std::move(unload), deadline);
  if (done) co_return Result<>{};
  if (connections_.empty()) drop_daemon();  // whatever it holds goes with it
  if (done.error().cause == Cause::cancelled) co_return tl::unexpected(done.error());
  co_return Result<>{};
}

Result<> IkeTunnel::protect(const IpAddress& inner) {
  auto netlink = netns::Netlink::open(home_);
  if (!netlink) return tl::unexpected(netlink.error());
  const Prefix address{inner, 32};
  if (auto removed = netlink->remove_unreachable_rule(address, kUnreachableRule); !removed) return removed;
  return netlink->add_unreachable_rule(address, kUnreachableRule);
}

void IkeTunnel::drop_daemon() {
  if (vici_) vici_->close();
  vici_.reset();
  charon_.reset();
  connections_.clear();
}

}  // namespace hnbemu::ipsec
