#include "adapters/ipsec/ike_tunnel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/ipsec/guard.h"
#include "adapters/ipsec/xfrm.h"

namespace hnbemu::ipsec {
namespace {

namespace asio = boost::asio;
constexpr auto use_result = asio::as_tuple(asio::use_awaitable);
constexpr Seconds kDaemonStart{10};
constexpr Millis kLookAfter{500};   // how often a charon that does not answer yet is looked after
constexpr Seconds kLocalAnswer{2};  // of charon, to what it does without its peer
constexpr std::size_t kMaxLogLines = 200;
constexpr std::size_t kMaxProtected = 64;

// charon ends a command that much before our own deadline, so that its answer is still read.
constexpr Millis kAnswerMargin{200};

std::string milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::duration_cast<Millis>(deadline - std::chrono::steady_clock::now());
  return fmt::to_string(std::max<std::int64_t>(left.count(), 1));
}

std::vector<std::string> events() {
  return {"ike-updown", "ike-rekey", "child-updown", "child-rekey", "list-sa"};
}

Error about(std::string_view what, Error error) {
  error.detail = fmt::format("{}: {}", what, error.detail);
  return error;
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
      sas_due_(executor),
      started_(executor, Deadline::max()) {}

IkeTunnel::~IkeTunnel() {
  *alive_ = false;
  drop_daemon();
}

Task<Result<TunnelState>> IkeTunnel::establish(TunnelRequest request, Deadline deadline) {
  const std::string name = request.name;
  const auto daemon = co_await ensure_daemon(deadline);
  if (!daemon) co_return tl::unexpected(daemon.error());
  if (connections_.erase(name) > 0) {
    tell_sas();
    co_await abandon(name);
  }
  Connection fresh{.state = {}, .ike_id = {}, .child_id = {}, .changed = asio::steady_timer(executor_)};
  fresh.state.name = name;
  fresh.state.gateway = request.gateway;
  connections_.emplace(name, std::move(fresh));
  auto result = co_await initiate(std::move(request), deadline);
  if (result) co_return result;
  connections_.erase(name);
  co_await abandon(name);
  co_return result;
}

Task<Result<>> IkeTunnel::ensure_daemon(Deadline deadline) {
  while (starting_) {
    co_await started_.async_wait(use_result);
    const bool stopped = co_await is_cancelled();
    if (stopped) co_return fail(Cause::cancelled, "waiting for charon");
  }
  if (has_daemon()) co_return Result<>{};
  drop_daemon();
  starting_ = true;
  auto started = co_await start_daemon(std::min(deadline, std::chrono::steady_clock::now() + kDaemonStart));
  if (!started) drop_daemon();
  starting_ = false;
  started_.cancel();
  co_return started;
}

Task<Result<>> IkeTunnel::start_daemon(Deadline deadline) {
  if (auto clean = remove_leftovers(); !clean) co_return clean;
  auto charon = Charon::start(home_, directory_, CharonRole::initiator, esp_);
  if (!charon) co_return tl::unexpected(charon.error());
  charon_ = std::move(*charon);
  vici_ = std::make_unique<vici::Client>(executor_);
  vici_->on_event([this](const std::string& name, const vici::Section& message) { on_vici(name, message); });
  const auto connected = co_await charon_->connect(*vici_, events(), deadline);
  if (!connected) co_return connected;
  vici_->on_closed([this, alive = alive_] {
    if (*alive) drop_daemon();
  });
  co_return co_await load_credentials(deadline);
}

Task<Result<>> IkeTunnel::load_credentials(Deadline deadline) {
  if (!config_.psk.empty()) {
    vici::Section shared;  // without owners: for any peer, since this daemon has no other
    shared.set("type", "IKE");
    shared.set("data", config_.psk);
    const auto loaded = co_await ask("load-shared", std::move(shared), deadline);
    if (!loaded) co_return tl::unexpected(about("the device's pre-shared key", loaded.error()));
    co_return Result<>{};
  }
  for (const auto& ca : config_.trusted_cas) {
    vici::Section load;
    load.set("type", "X509");
    load.set("flag", "CA");
    load.set("data", ca);
    const auto loaded = co_await ask("load-cert", std::move(load), deadline);
    if (!loaded) co_return tl::unexpected(about("the operator's CA certificate", loaded.error()));
  }
  vici::Section key;
  key.set("type", "any");
  key.set("data", config_.private_key);
  const auto loaded = co_await ask("load-key", std::move(key), deadline);
  if (!loaded) co_return tl::unexpected(about("the device's private key", loaded.error()));
  co_return Result<>{};
}

Task<Result<TunnelState>> IkeTunnel::initiate(TunnelRequest request, Deadline deadline) {
  const std::string name = request.name;
  auto connection = connection_message(config_, request, {outer_, esp_, charon_->updown_command()});
  if (!connection) co_return tl::unexpected(connection.error());
  const auto loaded = co_await ask("load-conn", std::move(*connection), deadline);
  if (!loaded) co_return tl::unexpected(loaded.error());

  vici::Section initiate;
  initiate.set("child", name);
  initiate.set("ike", name);
  initiate.set("loglevel", "1");
  initiate.set("timeout", milliseconds_until(deadline - kAnswerMargin));
  std::vector<std::string> log;
  const auto initiated = co_await ask_and_wait("initiate", std::move(initiate), deadline, log);
  if (!has_daemon()) co_return fail(Cause::system, "charon ended while it made the tunnel; its log says why");
  if (!initiated && initiated.error().cause == Cause::cancelled) co_return tl::unexpected(initiated.error());
  const bool late = std::chrono::steady_clock::now() >= deadline - kAnswerMargin;
  if (!initiated) {
    auto error = classify(log, late);
    if (error.cause == Cause::ike_authentication && !config_.psk.empty()) {
      error.detail = "the pre-shared key or an identity is not what the SeGW has; " + error.detail;
    }
    co_return tl::unexpected(std::move(error));
  }

  const auto up = co_await wait_for_child(name, deadline);
  if (!up) co_return tl::unexpected(up.error());
  auto& made = connections_.at(name);
  if (made.state.inner_address.is_unspecified()) {
    co_return fail(Cause::ike_negotiation, "the SeGW assigned no inner address");
  }
  if (const auto safe = protect(made.state.inner_address); !safe) co_return tl::unexpected(safe.error());
  made.established = true;
  begin_sa(made);
  co_return made.state;
}

// initiate is answered as soon as the SA is there, the child-updown event comes after the updown helper has ended.
Task<Result<>> IkeTunnel::wait_for_child(std::string name, Deadline deadline) {
  for (;;) {
    const auto found = connections_.find(name);
    if (found == connections_.end()) co_return fail(Cause::tunnel_lost, "charon went away");
    if (found->second.is_up()) co_return Result<>{};
    if (std::chrono::steady_clock::now() >= deadline) co_return fail(Cause::timeout, "charon told of no CHILD SA");
    found->second.changed.expires_at(deadline);
    co_await found->second.changed.async_wait(use_result);
    const bool stopped = co_await is_cancelled();
    if (stopped) co_return fail(Cause::cancelled, "waiting for the CHILD SA");
  }
}

Task<Result<>> IkeTunnel::release(std::string name, Deadline deadline) {
  const bool known = connections_.erase(name) > 0;
  if (known) tell_sas();
  if (!known || !has_daemon()) co_return Result<>{};
  vici::Section terminate;
  terminate.set("ike", name);
  terminate.set("timeout", milliseconds_until(deadline - kAnswerMargin));
  terminate.set("force", "yes");  // with a time-out: only after the peer was asked
  std::vector<std::string> log;
  const auto terminated = co_await ask_and_wait("terminate", std::move(terminate), deadline, log);
  co_await abandon(name);
  if (!terminated && terminated.error().cause == Cause::cancelled) co_return tl::unexpected(terminated.error());
  co_return Result<>{};
}

// What charon still holds of the connection goes, without waiting for the peer.
Task<void> IkeTunnel::abandon(std::string name) {
  const auto alive = alive_;
  if (!has_daemon()) co_return;
  const auto soon = std::chrono::steady_clock::now() + kLocalAnswer;
  vici::Section terminate;
  terminate.set("ike", name);
  terminate.set("force", "yes");
  terminate.set("timeout", "-1");
  const auto terminated = co_await ask("terminate", std::move(terminate), soon);  // refused if there is none
  if (!*alive) co_return;
  vici::Section unload;
  unload.set("name", name);
  const auto unloaded = co_await ask("unload-conn", std::move(unload), soon);
  if (!*alive) co_return;
  const bool hangs = !unloaded && unloaded.error().cause == Cause::timeout;
  if (hangs) drop_daemon();
}

Task<Result<vici::Section>> IkeTunnel::ask(std::string command, vici::Section message, Deadline deadline) {
  if (!vici_) co_return fail(Cause::system, "charon is not there");
  co_return co_await vici_->command(std::move(command), std::move(message), deadline);
}

// A command that takes its time, over a connection of its own: it keeps no other waiting, and charon's words on it come
// in order and before its answer.
Task<Result<>> IkeTunnel::ask_and_wait(std::string command, vici::Section message, Deadline deadline,
                                       std::vector<std::string>& log) {
  if (!has_daemon()) co_return fail(Cause::system, "charon is not there");
  vici::Client client(executor_);
  client.on_event([&log](const std::string&, const vici::Section& line) {
    if (log.size() < kMaxLogLines) log.emplace_back(line.text("msg"));
  });
  std::vector<std::string> streamed{"control-log"};
  const auto connected = co_await client.connect(charon_->socket_path(), std::move(streamed), deadline);
  if (!connected) co_return connected;
  const auto answer = co_await client.command(std::move(command), std::move(message), deadline);
  if (!answer) co_return tl::unexpected(answer.error());
  co_return Result<>{};
}

// What is bound to the tunnel's address never leaves in clear. The guards stay when the tunnel is gone, since sockets
// may still be bound to it then.
Result<> IkeTunnel::protect(const IpAddress& inner) {
  if (std::find(protected_.begin(), protected_.end(), inner) != protected_.end()) return {};
  if (protected_.size() == kMaxProtected) {
    if (auto removed = remove_guard(home_, esp_, protected_.front()); !removed) return removed;
    protected_.pop_front();
  }
  if (auto added = add_guard(home_, esp_, inner); !added) return added;
  protected_.push_back(inner);
  return {};
}

// A killed charon leaves them in the kernel, where they would go on sending.
Result<> IkeTunnel::remove_leftovers() {
  if (esp_ != EspBackend::kernel) return {};
  if (auto removed = clear_ipsec(home_, outer_); !removed) return removed;
  for (const auto& inner : protected_) {
    if (auto added = add_guard(home_, esp_, inner); !added) return added;
  }
  return {};
}

void IkeTunnel::drop_daemon() {
  if (vici_) vici_->close();
  vici_.reset();
  const bool killed = std::exchange(charon_, std::nullopt).has_value();
  if (killed) static_cast<void>(remove_leftovers());  // tried again, and told, before the next start
  for (auto& [name, connection] : std::exchange(connections_, {})) {
    connection.changed.cancel();
    if (!connection.established) continue;
    const Error reason{Cause::tunnel_lost, "the device's IKE daemon went away"};
    tell({TunnelEvent::Kind::lost, connection.state, reason});
  }
  tell_sas();
}

}  // namespace hnbemu::ipsec
