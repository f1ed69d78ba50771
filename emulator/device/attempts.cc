#include <algorithm>
#include <utility>

#include "cwmp/retry.h"
#include "device/device.h"
#include "procedures/assigned_elements.h"
#include "procedures/causes.h"
#include "procedures/come_into_service.h"
#include "procedures/cpe_registration.h"
#include "procedures/factory_reset.h"

// The way into service: attempt after attempt, until one succeeds.
namespace hnbemu::device {

using procedures::Service;
using procedures::ServingElements;

// Until one attempt succeeds, the ACS asks for something else, or the device is stopped.
Task<std::optional<Device::End>> Device::come_into_service() {
  while (!stopping_) {
    if (is_silent()) {
      co_await stay_away();
      continue;
    }
    auto service = co_await bring_up();
    watch_acs(service ? std::nullopt : std::optional(service.error()));
    if (const auto end = asked_end()) co_return end;
    if (service) {
      service_ = std::move(*service);
      status_.error.reset();
      status_.failed_attempts = 0;
      procedures::note_registered(context_);
      co_return std::nullopt;
    }
    if (!stopping_) co_await wait_to_retry(service.error());
  }
  co_return End::stopped;
}

// What the ACS asked for in a session that has ended well.
std::optional<Device::End> Device::asked_end() const {
  if (context_.asked.factory_reset) return End::factory_reset;
  if (!context_.asked.reboots.empty() || context_.transfers.awaits_boot()) return End::reboot;
  return std::nullopt;
}

Task<Result<Service>> Device::bring_up() {
  if (!access_.bound()) become(State::discovering);
  const auto bound = co_await access_.wait_until_bound(context_.ports.clock.now() + procedures::Deadlines::dhcp);
  if (!bound) co_return tl::unexpected(bound.error());
  binding_ = access_.bindings();
  tried_acs_ = context_.value_of("acs_url");
  if (context_.value_of("acs_url").empty() && context_.factory.hms_by_dhcp != procedures::HmsByDhcp::none) {
    access_.rediscover();
    co_return fail(Cause::configuration,
                   "DHCP has given no ACS URL (TR-069 3.1: option 43 or 125), and there is none else");
  }
  if (profile_.technology == config::Technology::none) {
    status_.serving_hms = context_.value_of("acs_url");
    become(State::registering);
    co_return co_await procedures::register_cpe(context_);
  }
  // A device that knows its serving elements from an earlier discovery goes straight to them.
  auto known = procedures::assigned_elements(context_);
  if (!known) co_return co_await come_by_initial_hms(false);
  known->registered = false;
  auto service = co_await register_with(std::move(*known));
  if (service || !procedures::is_gone(service.error()) || !gone_for_long()) co_return service;
  co_await shut_down();
  co_return co_await come_by_initial_hms(true);
}

Task<Result<Service>> Device::come_by_initial_hms(bool again) {
  become(State::discovering);
  auto discovery = again ? procedures::discover_again(context_) : procedures::discover(context_);
  auto elements = co_await std::move(discovery);
  if (!elements) co_return tl::unexpected(elements.error());
  gone_from_.reset();
  if (asked_end()) co_return fail(Cause::cancelled, "the Initial HMS wants something else first");
  co_return co_await register_with(std::move(*elements));
}

Task<Result<Service>> Device::register_with(ServingElements elements) {
  status_.serving_hms = elements.hms.to_string();
  become(State::registering);
  co_return co_await procedures::register_device(context_, std::move(elements));
}

// A device that has left its operator stays away from it until its user says otherwise.
bool Device::is_silent() const {
  const auto& factory = context_.factory;
  const auto hms = Url::parse(factory.initial_hms.empty() ? factory.serving_hms : factory.initial_hms);
  return !context_.silent_towards.empty() && hms && procedures::operator_of(*hms) == context_.silent_towards;
}

Task<void> Device::stay_away() {
  become(State::silent);
  while (!stopping_ && is_silent()) {
    const auto message = co_await mailbox_.pop(context_.ports.clock, Deadline::max());
    if (message && std::holds_alternative<AllowRequest>(*message)) context_.silent_towards.clear();
    if (message) co_await remember();
  }
}

// Whatever failed: the attempt ends, nothing of it is kept, and the next one comes by the table of TR-069 3.2.1.1, or
// at once when somebody asks for it.
Task<void> Device::wait_to_retry(Error error) {
  auto& clock = context_.ports.clock;
  procedures::note_failure(context_, error);
  status_.error = std::move(error);
  ++status_.failed_attempts;
  co_await shut_down();
  become(State::waiting_to_retry);
  const auto next = clock.now() + retry_wait(status_.failed_attempts);
  while (!stopping_ && clock.now() < next) {
    const auto message = co_await mailbox_.pop(clock, next);
    if (!message) co_return;
    if (const auto* request = std::get_if<InformRequest>(&*message)) {
      note(*request);
      co_return;
    }
    if (const auto* request = std::get_if<AskRequest>(&*message)) {
      note(*request);
      co_return;
    }
    if (std::holds_alternative<SaveRequest>(*message)) follow();
    if (std::holds_alternative<AccessChange>(*message) && access_is_new()) co_return;
    const bool reset = std::holds_alternative<FactoryResetRequest>(*message);
    if (reset) co_await reset_to_factory();
    if (reset || std::holds_alternative<RebootRequest>(*message)) {
      co_await boot_again();
      co_return;
    }
    co_await remember();
  }
}

// TR-069 3.2.1.1, with the ACS's own parameters; an ACS that is overloaded may ask for more (HTTP 503, Retry-After).
Millis Device::retry_wait(unsigned failures) {
  const auto policy = cwmp::retry_policy(context_.value_of("retry_minimum_wait_interval"),
                                         context_.value_of("retry_interval_multiplier"));
  return std::max(cwmp::retry_wait(failures, policy, random_), Millis(context_.retry_after));
}

}  // namespace hnbemu::device
