#pragma once

#include <string>
#include <tuple>

#include "base/time.h"
#include "config/alarm_catalogue.h"

namespace hnbemu::alarms {

// Which alarm, and what it is about. One and the same alarm from when it is raised to when it is cleared.
struct AlarmKey {
  std::string identifier;      // in the catalogue
  std::string managed_object;  // path of the object in the data model, "Device.Services.FAPService.1.FAPControl."
  auto operator<=>(const AlarmKey&) const = default;
};

enum class NotificationType : std::uint8_t { new_alarm, changed_alarm, cleared_alarm };
std::string_view to_string(NotificationType type);

// What a row of CurrentAlarm.{i}. says, and of the events that led to it.
struct Alarm {
  std::string identifier;  // AlarmIdentifier: of no other alarm that is there now
  std::string managed_object;
  const config::AlarmDefinition* definition = nullptr;
  config::Severity severity = config::Severity::major;
  std::string text;  // AdditionalText
  WallTime raised{};
  WallTime changed{};
};

// What happened to an alarm.
struct AlarmEvent {
  NotificationType type = NotificationType::new_alarm;
  WallTime time{};
};

}  // namespace hnbemu::alarms
