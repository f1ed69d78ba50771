#include "device/device.h"
#include "procedures/acs_by_dhcp.h"
#include "procedures/address_change.h"
#include "procedures/assigned_elements.h"
#include "procedures/causes.h"
#include "procedures/come_into_service.h"
#include "procedures/cpe_registration.h"

// What the network around the device does to it: its outer and inner addresses, its ACS and its clock.
namespace hnbemu::device {
namespace {

bool is_unreachable(const Error& error) {
  return error.cause == Cause::network || error.cause == Cause::timeout || error.cause == Cause::dns_no_such_name ||
         error.cause == Cause::dns_failure;
}

}  // namespace

void Device::watch_access_and_clock() {
  status_.outer_address = context_.outer.source;
  access_.observe([this] {
    status_.outer_address = context_.outer.source;
    time_client_.follow();
    mailbox_.push(AccessChange{});
    become(status_.state);
  });
  // A delay that was asked for is a delay still, and what comes at a time of day comes at that time.
  time_client_.observe([this](std::chrono::microseconds step) {
    for (auto& scheduled : context_.scheduled_informs) scheduled.at += step;
    agenda_.follow_clock();
    mailbox_.push(NotifyRequest{});
  });
}

std::optional<Device::End> Device::on_access_change() {
  if (!access_.bound() || access_.bindings() != binding_) {
    status_.error = Error{Cause::network, "the outer address is gone: the DHCP lease has ended"};
    return End::service_lost;
  }
  if (moved()) return End::moved;
  return std::nullopt;
}

bool Device::access_is_new() const {
  return access_.bound() && (access_.bindings() != binding_ || context_.value_of("acs_url") != tried_acs_);
}

// TR-069 3.1: an ACS that was found by DHCP, and cannot be reached, is looked for by DHCP again.
void Device::watch_acs(const std::optional<Error>& error) {
  const bool gone = error && procedures::is_gone(*error);
  if (!gone && !(error && error->cause == Cause::cancelled)) gone_from_.reset();
  if (gone && !gone_from_) gone_from_ = context_.ports.clock.now();
  if (!error || !is_unreachable(*error)) {
    unreachable_from_.reset();
    return;
  }
  const auto now = context_.ports.clock.now();
  if (!unreachable_from_) unreachable_from_ = now;
  if (now - *unreachable_from_ >= procedures::kAcsUnreachable) access_.rediscover();
}

bool Device::gone_for_long() const {
  const auto limit = profile_.ways.back_to_initial;
  if (limit == Seconds{0} || context_.factory.initial_hms.empty() || !gone_from_) return false;
  return context_.ports.clock.now() - *gone_from_ >= limit;
}

// Its HMS wants the device to be at another HMS or SeGW.
bool Device::moved() const {
  const bool femtocell = profile_.technology != config::Technology::none;
  const auto wanted = femtocell ? procedures::assigned_elements(context_) : procedures::cpe_elements(context_);
  return !wanted || !procedures::is_on(service_, *wanted);
}

std::optional<Device::End> Device::on_tunnel_event(const TunnelEvent& event) {
  if (!service_.tunnel || event.tunnel.name != service_.tunnel->name) return std::nullopt;
  if (event.kind == TunnelEvent::Kind::lost) {
    status_.error = event.error;
    procedures::raise_cause(context_, "tunnel_down", event.error.detail);
    return End::service_lost;
  }
  const auto told = procedures::take_inner_address(context_, service_, event.tunnel);
  if (!told) status_.error = told.error();
  if (told.value_or(true)) {
    address_is_new_ = true;
    session_due_ = context_.ports.clock.now();
  }
  for (auto* const companion : companions_) companion->serve(service_);
  become(status_.state);
  return std::nullopt;
}

}  // namespace hnbemu::device
