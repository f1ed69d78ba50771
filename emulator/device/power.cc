#include <utility>

#include "device/device.h"
#include "procedures/connection_requests.h"
#include "procedures/deprovisioning.h"
#include "procedures/device_files.h"
#include "procedures/factory_reset.h"
#include "procedures/secure_connection.h"

// Power: up, down, and up again with all forgotten or not.
namespace hnbemu::device {

// What was under way when the power went is as good as done: a reboot ends all the same.
void Device::power_up() {
  context_.asked = {};
  events_.reboot();
  context_.notifications.forget();  // TR-069 3.7.1.5: as the `4 VALUE CHANGE` that it was about
  context_.notifications.listen_to_device(false);
  procedures::boot_files(context_);
  // Without an ACS there is nobody to bootstrap with: that comes when DHCP gives one.
  const bool has_acs =
      context_.factory.hms_by_dhcp == procedures::HmsByDhcp::none || !context_.value_of("acs_url").empty();
  if (has_acs && context_.value_of("acs_url") != context_.bootstrapped_url) procedures::bootstrap(context_);
  events_.push("1 BOOT");
  if (profile_.quirks.value_change_on_boot) events_.push("4 VALUE CHANGE");
  context_.powered_at = context_.ports.clock.device_now();
  context_.sessions = 0;
  context_.knows_time = false;
  context_.requests.clear();  // their events are gone
  for (auto& event : context_.deployment_units.events()) events_.push(std::move(event));
  for (auto& key : std::exchange(context_.reboot_keys, {})) events_.push({"M Reboot", std::move(key)});
  for (auto* const companion : companions_) companion->power_up();
  live_.boot();
}

// Off the air, tunnels down, connections closed. The SeGWs are told if they answer in time.
Task<void> Device::shut_down() {
  for (auto* const companion : companions_) companion->leave();
  status_.off_air.clear();
  context_.ports.http.reset();
  context_.ports.connection_requests.close();
  if (context_.ports.gateway != nullptr) context_.ports.gateway->leave();
  address_is_new_ = false;
  for (const auto* const name : {procedures::kInitialTunnel, procedures::kServingTunnel}) {
    const auto deadline = context_.ports.clock.now() + procedures::Deadlines::release;
    co_await context_.ports.tunnel.release(name, deadline);
  }
  mailbox_.remove_if([](const Message& message) { return std::holds_alternative<TunnelEvent>(message); });
  service_ = {};
  status_.inner_address = {};
}

// TR-069 A.4.1.4, TS 32.583 5.4. What a HeNB keeps is that it has left its operator.
Task<void> Device::reset_to_factory() {
  procedures::leave_by_reset(context_);
  for (auto* const companion : companions_) companion->power_down();
  alarms_.forget();
  journal_.power_down();
  procedures::forget_all(context_);
  context_.set_value_of("outer_address", context_.outer.source.to_string());
  procedures::choose_connection_request_target(context_);
  co_await remember();
}

// TR-069 3.2.1.1: after a reboot the waits begin with the first again.
Task<void> Device::boot_again() {
  for (auto* const companion : companions_) companion->power_down();
  alarms_.forget();
  journal_.power_down();
  status_.failed_attempts = 0;
  become(State::rebooting);
  if (!stopping_) co_await context_.ports.clock.sleep_until(context_.ports.clock.after(profile_.boot_time));
  mailbox_.remove_if([](const Message& message) { return std::holds_alternative<RebootRequest>(message); });
  power_up();
}

}  // namespace hnbemu::device
