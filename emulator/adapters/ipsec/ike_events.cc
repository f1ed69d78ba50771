#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/ipsec/ike_tunnel.h"
#include "adapters/ipsec/sa_facts.h"

// What charon tells of its SAs without having been asked.
namespace hnbemu::ipsec {
namespace {

namespace asio = boost::asio;
constexpr auto use_result = asio::as_tuple(asio::use_awaitable);
// Re-authentication takes the SA down and brings the next one up: some milliseconds later, or as late as a busy SeGW
// answers.
constexpr Millis kSettleTime{500};
constexpr Seconds kReauthenticationTime{10};
constexpr Seconds kLocalAnswer{2};

// The only one of an event.
const vici::Section* child_sa(const vici::Section& sa) {
  const auto* children = sa.section("child-sas");
  if (children == nullptr || children->members.empty()) return nullptr;
  return std::get_if<vici::Section>(&children->members.front().second);
}

std::string id_of(const vici::Section* sa) {
  return sa == nullptr ? std::string{} : std::string(sa->text("uniqueid"));
}

}  // namespace

void IkeTunnel::on_vici(const std::string& name, const vici::Section& message) {
  const bool up = message.text("up") == "yes";
  for (const auto& [connection, value] : message.members) {
    const auto found = connections_.find(connection);
    const auto* sa = std::get_if<vici::Section>(&value);
    if (sa == nullptr || found == connections_.end()) continue;  // released: nobody wants to know
    if (name == "list-sa") {
      const bool established = sa->text("state") == "ESTABLISHED";
      found->second.pending = found->second.pending || !established;
      if (established) read_sa(*sa, std::chrono::floor<Seconds>(std::chrono::system_clock::now()), found->second.sa);
    } else if (name == "ike-rekey" || name == "child-rekey") {
      on_rekey(found->second, *sa);
    } else {
      on_sa(name, connection, *sa, up);
    }
  }
}

void IkeTunnel::on_rekey(Connection& known, const vici::Section& sa) {
  if (const auto* renewed = sa.section("new")) known.ike_id = id_of(renewed);
  const auto* child = child_sa(sa);
  const auto* renewed_child = child == nullptr ? nullptr : child->section("new");
  if (renewed_child != nullptr) known.child_id = id_of(renewed_child);
  ask_for_sas();
}

void IkeTunnel::on_sa(const std::string& event, const std::string& connection, const vici::Section& sa, bool up) {
  auto& known = connections_.at(connection);
  const bool child = event == "child-updown";
  const auto ike_id = id_of(&sa);
  if (up) {
    known.ike_id = ike_id;
    if (const auto* addresses = sa.list("local-vips"); addresses != nullptr && !addresses->empty()) {
      const auto inner = IpAddress::parse(addresses->front());
      if (inner && known.established && *inner != known.state.inner_address) known.settling = true;
      if (inner) known.state.inner_address = *inner;
    }
    if (child) {
      known.child_id = id_of(child_sa(sa));
      if (auto servers = charon_->take_dns_servers(ike_id); !servers.empty()) known.state.dns_servers = servers;
    }
  } else if (child ? id_of(child_sa(sa)) == known.child_id : ike_id == known.ike_id) {
    known.child_id.clear();
    if (!child) known.ike_id.clear();
  }
  ++known.events;
  known.changed.cancel();
  ask_for_sas();
  if (!known.established || (up && !child)) return;
  if (!known.is_up() || known.settling) asio::co_spawn(executor_, settle(connection, alive_), asio::detached);
}

// Waits until the dust has settled, then tells what has become of the tunnel.
Task<void> IkeTunnel::settle(std::string name, Alive alive) {
  const bool up = co_await comes_back(name, alive);
  if (!*alive) co_return;
  const auto found = connections_.find(name);
  if (found == connections_.end() || !found->second.established) co_return;
  auto& known = found->second;
  TunnelEvent event;
  event.tunnel = known.state;
  if (up && !std::exchange(known.settling, false)) co_return;
  const auto safe = protect(known.state.inner_address);
  if (up && safe) {
    event.kind = TunnelEvent::Kind::address_changed;
    tell(std::move(event));
    co_return;
  }
  const auto why = fmt::format("the tunnel to {} went down", known.state.gateway.to_string());
  event.error = safe ? Error{Cause::tunnel_lost, why} : safe.error();
  // Told only when charon holds nothing of it any more, so that the next establish() finds a clean place.
  known.established = false;
  known.lost = true;
  tell_sas();
  co_await abandon(name);
  if (!*alive) co_return;
  const auto abandoned = connections_.find(name);
  if (abandoned != connections_.end() && abandoned->second.lost) connections_.erase(abandoned);
  tell(std::move(event));
}

// Whether the tunnel is up, or comes up again by what charon is doing already.
Task<bool> IkeTunnel::comes_back(std::string name, Alive alive) {
  const auto give_up = std::chrono::steady_clock::now() + kReauthenticationTime;
  asio::steady_timer pause(executor_);
  while (*alive) {
    const auto found = connections_.find(name);
    if (found == connections_.end()) co_return false;
    if (found->second.is_up()) co_return true;
    const auto events = found->second.events;
    if (std::chrono::steady_clock::now() >= give_up) co_return false;
    pause.expires_after(kSettleTime);
    co_await pause.async_wait(use_result);
    if (!*alive) co_return false;
    const auto waiting = connections_.find(name);
    if (waiting == connections_.end() || waiting->second.is_up()) continue;
    if (waiting->second.events != events) continue;  // the dust has not settled
    waiting->second.pending = false;
    vici::Section filter;
    filter.set("ike", name);
    const auto soon = std::chrono::steady_clock::now() + kLocalAnswer;
    const auto answer = co_await ask("list-sas", std::move(filter), soon);
    if (!*alive) co_return false;
    const auto asked = connections_.find(name);
    const bool gone = asked != connections_.end() && !asked->second.pending && !asked->second.is_up();
    const bool busy = !answer && answer.error().cause == Cause::timeout;  // with the very SA
    if (!busy && (!answer || gone)) co_return false;
  }
  co_return false;
}

bool IkeTunnel::renew(const std::string& name, Renewal how) {
  const auto found = connections_.find(name);
  if (found == connections_.end() || !found->second.established) return false;
  vici::Section rekey;
  rekey.set(how == Renewal::rekey_child ? "child" : "ike", name);
  if (how == Renewal::reauthenticate) rekey.set("reauth", "yes");
  const auto soon = std::chrono::steady_clock::now() + kLocalAnswer;
  const auto done = [](const std::exception_ptr&, const Result<vici::Section>&) {};
  asio::co_spawn(executor_, ask("rekey", std::move(rekey), soon), done);
  return true;
}

// Never from inside a call of the device's.
void IkeTunnel::tell(TunnelEvent event) {
  asio::post(executor_, [this, alive = alive_, event = std::move(event)] {
    if (*alive && handler_) handler_(event);
  });
}

}  // namespace hnbemu::ipsec
