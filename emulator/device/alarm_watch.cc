#include "device/device.h"
#include "procedures/causes.h"

namespace hnbemu::device {
namespace {

std::string line_of(const alarms::Alarm& alarm, const alarms::AlarmEvent& event) {
  const auto& known = *alarm.definition;
  if (event.type == alarms::NotificationType::cleared_alarm)
    return fmt::format("alarm {} cleared: {}", alarm.identifier, known.specific_problem);
  const bool fresh = event.type == alarms::NotificationType::new_alarm;
  return fmt::format("alarm {} {}: {}, {}{}{}", alarm.identifier, fresh ? "raised" : "changed", known.specific_problem,
                     to_string(alarm.severity), alarm.text.empty() ? "" : ": ", alarm.text);
}

}  // namespace

void Device::watch_alarms() {
  alarms_.set_audience({[this](const std::string& path) { tell_of(path); },
                        [this](const std::string& path) { return context_.notifications.waits_for(path); }});
  alarms_.observe([this](const auto& alarm, const auto& event, const auto& reports) {
    journal_.note(alarm, event, reports);
    if (on_alarm_) on_alarm_(line_of(alarm, event));
  });
  context_.notifications.on_told([this](const auto& paths) {
    const auto now = context_.ports.clock.wall_now();
    for (const auto& path : paths) {
      // A row that another event has taken meanwhile waits again.
      if (!context_.notifications.waits_for(path)) journal_.told(path, now);
    }
  });
  journal_.observe([this](const alarms::Record& record, bool cleared) {
    if (on_alarm_)
      on_alarm_(fmt::format("alarm {} reported{}", record.identifier, cleared ? " as cleared" : " to the HMS"));
  });
}

// An event row is news even where it says the same as before (TR-196 ExpeditedEvent), and no Inform tells it by itself.
void Device::tell_of(const std::string& path) {
  const auto level = model_.notification(path);
  if (level > 0) context_.notifications.note(path, level > 1);
}

std::optional<std::string> Device::order(const alarms::Order& order) {
  if (status_.state == State::off || status_.state == State::rebooting) return "the device is off";
  const bool is_object = order.object.empty() || model_.values(order.object + ".").has_value();
  if (!is_object) return fmt::format("there is no object '{}' that an alarm could be about", order.object);
  auto refusal = carry_out(alarms_, order, procedures::alarm_object(context_), context_.ports.clock.wall_now());
  if (!refusal) save();
  return refusal;
}

}  // namespace hnbemu::device
