#include "app/show_oam.h"

#include <algorithm>
#include <thread>

namespace hnbemu::app {
namespace {

using alarms::Order;

constexpr Millis kShowPoll{100};

// One that nothing of the device's own raises.
std::string an_alarm_of(const config::Profile& profile) {
  const auto found = std::ranges::find_if(profile.alarms, [](const auto& alarm) {
    return alarm.cause.empty() && alarm.mechanism == config::Mechanism::expedited &&
           alarm.severity == config::Severity::major;
  });
  return found == profile.alarms.end() ? "" : found->identifier;
}

Order order(Order::Kind kind, const std::string& alarm) {
  Order one{kind, alarm, ""};
  if (kind == Order::Kind::raise) one.text = "raised by hand";
  return one;
}

// A device on its way: true when there is no more to be done.
bool go_on(device::Device& device, const std::string& alarm) {
  const auto& records = device.alarm_journal().records();
  const auto last =
      std::find_if(records.rbegin(), records.rend(), [&](const auto& record) { return record.identifier == alarm; });
  if (last == records.rend()) return device.order(order(Order::Kind::raise, alarm)).has_value();
  if (!last->reported) return false;
  if (!last->cleared) return device.order(order(Order::Kind::clear, alarm)).has_value();
  return last->clear_reported.has_value();
}

void show_alarms(fleet::Fleet& fleet, const std::function<bool()>& ended) {
  std::vector<std::pair<std::string, std::string>> waiting;  // device, alarm
  for (const auto& device : fleet.config().devices) {
    auto alarm = an_alarm_of(fleet.profile(device.id));
    if (!alarm.empty()) waiting.emplace_back(device.id, std::move(alarm));
  }
  const auto deadline = std::chrono::steady_clock::now() + kShowLimit;
  while (!waiting.empty() && !ended() && std::chrono::steady_clock::now() < deadline) {
    std::erase_if(waiting, [&](const auto& one) {
      const auto done =
          fleet.on_device(one.first, [alarm = one.second](fleet::Unit& unit) { return go_on(unit.device(), alarm); });
      return !done || *done;
    });
    if (!waiting.empty()) std::this_thread::sleep_for(kShowPoll);
  }
}

void show_measurements(fleet::Fleet& fleet, const std::function<bool()>& ended) {
  for (const auto& device : fleet.config().devices) {
    static_cast<void>(fleet.on_device(device.id, [](fleet::Unit& unit) { return unit.device().send_measurements(); }));
  }
  const auto deadline = std::chrono::steady_clock::now() + kShowLimit / 2;
  while (!ended() && std::chrono::steady_clock::now() < deadline) {
    const auto reports = fleet.full_reports();
    if (std::ranges::none_of(reports, [](const auto& report) { return report.pm_files.empty(); })) return;
    std::this_thread::sleep_for(kShowPoll);
  }
}

}  // namespace

void show_oam(fleet::Fleet& fleet, const std::function<bool()>& ended) {
  show_alarms(fleet, ended);
  show_measurements(fleet, ended);
}

}  // namespace hnbemu::app
