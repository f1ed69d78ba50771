#include "doubles/scripted_access_link.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hnbemu::doubles {

Result<> ScriptedAccessLink::open() {
  if (fault) return tl::unexpected(*fault);
  is_open = true;
  return {};
}

void ScriptedAccessLink::close() {
  is_open = false;
  arrived_.clear();
  arrival_.cancel();
}

Result<> ScriptedAccessLink::send(const std::string& message, const IpAddress&, const IpAddress&) {
  const auto asked = dhcp::parse(message).value();
  heard.push_back(asked);
  if (silent) return {};
  dhcp::Message answer;
  answer.reply = true;
  answer.kind = asked.kind == dhcp::Kind::discover ? dhcp::Kind::offer : refuses ? dhcp::Kind::nak : dhcp::Kind::ack;
  answer.transaction = asked.transaction;
  answer.hardware = asked.hardware;
  answer.options[dhcp::option::server] = dhcp::to_option(server);
  if (answer.kind != dhcp::Kind::nak) {
    answer.yours = address;
    answer.options[dhcp::option::lease_time] = dhcp::to_option(lease_s);
    answer.options[dhcp::option::subnet_mask] = dhcp::to_option(std::uint32_t{0xfffffffe});
    answer.options[dhcp::option::router] = dhcp::to_option(server);
    answer.options[dhcp::option::dns_servers] = dhcp::to_option(dns);
    if (!vendor_specific.empty()) answer.options[dhcp::option::vendor_specific] = vendor_specific;
  }
  arrived_.push_back(dhcp::encode(answer));
  arrival_.cancel();
  return {};
}

Task<void> ScriptedAccessLink::wait_for_arrival() {
  co_await arrival_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

Task<Result<std::string>> ScriptedAccessLink::receive(Deadline deadline) {
  using namespace boost::asio::experimental::awaitable_operators;
  if (arrived_.empty()) {
    arrival_.expires_at(Deadline::max());
    const auto woken = co_await (wait_for_arrival() || clock_.sleep_until(deadline));
    const bool stopped = woken.index() == 1 && !std::get<1>(woken);
    if (stopped) co_return fail(Cause::cancelled, "the device was stopped");
  }
  if (!is_open) co_return fail(Cause::cancelled, "closed");
  if (arrived_.empty()) co_return fail(Cause::timeout, "nothing");
  auto first = std::move(arrived_.front());
  arrived_.pop_front();
  co_return first;
}

Result<> ScriptedAccessLink::configure(const Prefix& prefix, const IpAddress&) {
  configured = prefix;
  return {};
}

Result<> ScriptedAccessLink::deconfigure(const Prefix&) {
  configured.reset();
  return {};
}

void ScriptedAccessLink::tell_acs(const std::string& url, const std::string& provisioning_code,
                                  const std::string& minimum_wait, const std::string& multiplier) {
  vendor_specific.clear();
  char code = 1;
  for (const auto& value : {url, provisioning_code, minimum_wait, multiplier}) {
    if (!value.empty()) vendor_specific += code + std::string(1, static_cast<char>(value.size())) + value;
    ++code;
  }
}

}  // namespace hnbemu::doubles
