#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/ipsec/ike_tunnel.h"

// What charon tells of its SAs without having been asked.
namespace hnbemu::ipsec {
namespace {

namespace asio = boost::asio;
// Re-authentication takes the SA down and brings the next one up some milliseconds later.
constexpr Millis kSettleTime{500};
constexpr std::size_t kMaxLogLines = 200;

}  // namespace

void IkeTunnel::on_vici(const std::string& name, const vici::Section& message) {
  if (name == "control-log") {
    const auto found = connections_.find(std::string(message.text("ikesa-name")));
    if (found == connections_.end() || found->second.established) return;
    auto& log = found->second.log;
    if (log.size() < kMaxLogLines) log.emplace_back(message.text("msg"));
    return;
  }
  const bool up = message.text("up") == "yes";
  for (const auto& [key, value] : message.members) {
    if (const auto* sa = std::get_if<vici::Section>(&value)) on_sa(name, key, *sa, up);
  }
}

void IkeTunnel::on_sa(const std::string& event, const std::string& connection, const vici::Section& sa, bool up) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;  // released: nobody wants to know
  auto& [name, known] = *found;
  const std::string unique_id(sa.text("uniqueid"));
  const bool child = event == "child-updown";
  if (up) {
    known.unique_id = unique_id;
    if (const auto* addresses = sa.list("local-vips"); addresses != nullptr && !addresses->empty()) {
      const auto inner = IpAddress::parse(addresses->front());
      if (inner && known.established && *inner != known.state.inner_address) known.settling = true;
      if (inner) known.state.inner_address = *inner;
    }
    if (child) {
      known.child_up = true;
      if (auto servers = charon_->take_dns_servers(unique_id); !servers.empty()) known.state.dns_servers = servers;
    }
  } else if (unique_id == known.unique_id) {
    known.child_up = false;
    if (!child) known.unique_id.clear();
  }
  changed_.cancel();
  if (!known.established || (up && !child)) return;
  if (!up || known.settling) asio::co_spawn(executor_, settle(name), asio::detached);
}

// Waits until the dust has settled, then tells what has become of the tunnel.
Task<void> IkeTunnel::settle(std::string name) {
  const auto alive = alive_;
  const auto before = connections_[name].state;
  asio::steady_timer timer(executor_, connections_[name].child_up ? Millis{0} : kSettleTime);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!*alive) co_return;
  const auto found = connections_.find(name);
  if (found == connections_.end() || !found->second.established) co_return;
  auto& known = found->second;
  TunnelEvent event;
  event.tunnel = known.state;
  if (!known.child_up) {
    event.error = Error{Cause::tunnel_lost, fmt::format("the tunnel to {} went down", known.state.gateway.to_string())};
    connections_.erase(found);
  } else if (known.settling) {
    known.settling = false;
    event.kind = TunnelEvent::Kind::address_changed;
    if (const auto safe = protect(known.state.inner_address); !safe) {
      event.kind = TunnelEvent::Kind::lost;
      event.error = safe.error();
    }
  } else {
    co_return;
  }
  if (handler_) handler_(event);
}

// charon was killed, or crashed: all its tunnels are gone.
void IkeTunnel::on_daemon_gone() {
  auto gone = std::exchange(connections_, {});
  changed_.cancel();
  for (auto& [name, connection] : gone) {
    if (!connection.established) continue;
    TunnelEvent event;
    event.tunnel = connection.state;
    event.error = Error{Cause::tunnel_lost, "the device's IKE daemon went away"};
    if (handler_) handler_(event);
  }
}

}  // namespace hnbemu::ipsec
