#include "device/device.h"
#include "procedures/acs_by_dhcp.h"

// What the network around the device does to it: its outer address, its ACS and its clock.
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
  if (!error || !is_unreachable(*error)) {
    unreachable_from_.reset();
    return;
  }
  const auto now = context_.ports.clock.now();
  if (!unreachable_from_) unreachable_from_ = now;
  if (now - *unreachable_from_ >= procedures::kAcsUnreachable) access_.rediscover();
}

}  // namespace hnbemu::device
