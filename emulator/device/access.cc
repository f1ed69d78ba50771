#include "device/access.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

#include "procedures/acs_by_dhcp.h"

namespace hnbemu::device {
namespace {

using dhcp::Client;

constexpr procedures::Step kLost{"4.4.5", "RFC 2131", "the lease has ended"};
constexpr procedures::Step kBound{"3.1", "RFC 2131", "outer address by DHCP"};

dhcp::Identity identity_of(const AccessLink* link, std::string host_name) {
  return {link == nullptr ? dhcp::HardwareAddress{} : link->hardware_address(), std::move(host_name)};
}

}  // namespace

Access::Access(boost::asio::any_io_executor executor, procedures::Context& context, std::string host_name)
    : context_(context),
      clock_(context.ports.clock),
      link_(context.ports.access_link),
      client_(identity_of(link_, std::move(host_name)), context.random),
      wake_(executor),
      bound_(executor, Deadline::max()) {
  if (link_ == nullptr) return;
  context_.outer = {Plane::outer, {}, {}};
  context_.model.observe([this](std::span<const datamodel::Change> changes) {
    const auto asks = [this](const datamodel::Change& change) {
      return change.kind == datamodel::Change::Kind::command && !row_.empty() && change.path == row_ + "Renew";
    };
    if (std::ranges::none_of(changes, asks)) return;
    client_.renew(clock_.now());
    wake_.push({});
  });
}

Task<void> Access::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (link_ != nullptr && !stopping()) {
    if (client_.due() > clock_.now() && !client_.listening()) {
      co_await wake_.pop(clock_, client_.due());
      continue;
    }
    co_await take_a_step();
  }
  if (link_ != nullptr) link_->close();
}

// What is due is sent, or what comes is looked at.
Task<void> Access::take_a_step() {
  auto step = client_.advance(clock_.now());
  auto done = exchange(step.send);
  const bool idle = !step.send && step.event == Client::Event::none;
  if (done && idle && client_.listening()) {
    const auto deadline = client_.due();
    const auto message = co_await link_->receive(deadline);
    const bool nothing =
        !message && (message.error().cause == Cause::timeout || message.error().cause == Cause::cancelled);
    if (nothing || stopping()) co_return;
    if (message) {
      step = client_.receive(*message, clock_.now());
      done = exchange(step.send);
    } else {
      done = tl::unexpected(message.error());
    }
  }
  handle(step.event);
  if (!client_.listening()) link_->close();
  if (done) co_return;
  context_.steps.record(kBound, Millis{0}, done.error());
  link_->close();
  co_await clock_.sleep_until(clock_.now() + kPause);
}

Result<> Access::exchange(const std::optional<Client::Outgoing>& outgoing) {
  if (!client_.listening()) return {};
  if (auto open = link_->open(); !open) return open;
  return outgoing ? link_->send(outgoing->message, outgoing->from, outgoing->to) : Result<>{};
}

void Access::handle(Client::Event event) {
  const auto& lease = client_.lease();
  switch (event) {
    case Client::Event::none:
      if (client_.state() != shown_) show();
      return;
    case Client::Event::bound:
      take_address();
      break;
    case Client::Event::renewed:
      context_.outer.dns_servers = lease->dns_servers;
      break;
    case Client::Event::lost:
      context_.steps.record(kLost, Millis{0}, Error{Cause::network, "the DHCP server has not renewed the lease"});
      give_address_back();
      break;
  }
  bool tell = event != Client::Event::renewed;
  if (lease) {
    const bool moved = procedures::take_discovered_acs(context_, lease->acs, std::exchange(again_, false));
    tell = tell || moved;
    bound_.cancel();
  }
  show();
  if (tell && changed_) changed_();
}

void Access::take_address() {
  const auto& lease = *client_.lease();
  const auto configured = link_->configure(lease.address, lease.router);
  context_.steps.record(kBound, Millis{0}, configured ? std::nullopt : std::optional(configured.error()));
  ++bindings_;
  address_ = lease.address;
  context_.outer = {Plane::outer, lease.address.address, lease.dns_servers};
  context_.set_value_of("outer_address", lease.address.address.to_string());
}

void Access::give_address_back() {
  if (!address_) return;
  if (const auto gone = link_->deconfigure(*address_); !gone) {
    context_.steps.record(kLost, Millis{0}, gone.error());
  }
  address_.reset();
  context_.outer = {Plane::outer, {}, {}};
  context_.set_value_of("outer_address", IpAddress{}.to_string());
}

void Access::power_up() {
  if (link_ == nullptr) return;
  procedures::recall_discovered_acs(context_);
  context_.set_value_of("outer_address", IpAddress{}.to_string());
  client_.start(clock_.now());
  make_rows();
  wake_.push({});
}

void Access::power_down() {
  if (link_ == nullptr) return;
  client_.stop();
  give_address_back();
  link_->close();
  wake_.push({});
}

void Access::rediscover() {
  if (link_ == nullptr || context_.factory.hms_by_dhcp == procedures::HmsByDhcp::none) return;
  again_ = true;
  client_.renew(clock_.now());
  wake_.push({});
}

Task<Result<>> Access::wait_until_bound(Deadline deadline) {
  using namespace boost::asio::experimental::awaitable_operators;
  if (!bound()) {
    bound_.expires_at(Deadline::max());
    const auto wait_for_signal = [](boost::asio::steady_timer& timer) -> Task<void> {
      co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    };
    auto signal = wait_for_signal(bound_);
    auto sleep = clock_.sleep_until(deadline);
    const auto woken = co_await (std::move(signal) || std::move(sleep));
    const bool stopped = woken.index() == 1 && !std::get<1>(woken);
    if (stopped) co_return fail(Cause::cancelled, "the device was stopped");
  }
  if (!bound()) co_return fail(Cause::network, "no DHCP server has given an address");
  co_return Result<>{};
}

}  // namespace hnbemu::device
