#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/ipsec/ike_tunnel.h"

// What the SAs of the tunnels are and what they carried, by asking charon now and then.
namespace hnbemu::ipsec {
namespace {

namespace asio = boost::asio;
constexpr Seconds kLocalAnswer{2};

}  // namespace

// What is known at once; the rest comes with the first list-sas.
void IkeTunnel::begin_sa(Connection& made) {
  made.sa.created = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  if (!sa_handler_) return;
  tell_sas();
  ask_for_sas();
  if (!std::exchange(watching_sas_, true)) asio::co_spawn(executor_, watch_sas(alive_), asio::detached);
}

void IkeTunnel::ask_for_sas() {
  sas_changed_ = true;
  sas_due_.cancel();
}

void IkeTunnel::tell_sas() {
  if (!*alive_ || !sa_handler_) return;
  std::vector<generators::IkeSa> sas;
  for (const auto& [name, connection] : connections_) {
    if (!connection.established) continue;
    auto& sa = sas.emplace_back(connection.sa);
    sa.name = name;
    sa.inner = connection.state.inner_address;
    sa.gateway = connection.state.gateway;
    sa.dns_servers = connection.state.dns_servers;
  }
  sa_handler_(std::move(sas));
}

// For as long as there is a tunnel.
Task<void> IkeTunnel::watch_sas(Alive alive) {
  const auto is_up = [](const auto& entry) { return entry.second.established; };
  while (std::any_of(connections_.begin(), connections_.end(), is_up)) {
    sas_changed_ = false;
    vici::Section filter;
    filter.set("noblock", "yes");  // an SA that charon is busy with is told of the next time
    const auto soon = std::chrono::steady_clock::now() + kLocalAnswer;
    const auto answer = co_await ask("list-sas", std::move(filter), soon);
    if (!*alive) co_return;
    if (answer) tell_sas();
    if (sas_changed_) continue;
    sas_due_.expires_after(kSaPeriod);
    co_await sas_due_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!*alive) co_return;
  }
  watching_sas_ = false;
}

}  // namespace hnbemu::ipsec
