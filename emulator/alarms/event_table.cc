#include "alarms/event_table.h"

#include <array>
#include <utility>

#include "alarms/columns.h"

namespace hnbemu::alarms {

std::string_view to_string(NotificationType type) {
  constexpr std::array<std::string_view, 3> kNames{"NewAlarm", "ChangedAlarm", "ClearedAlarm"};
  return kNames.at(static_cast<std::size_t>(type));
}

EventTable::EventTable(datamodel::DataModel& model, std::string path) : model_(model) {
  const auto state = model_.table_state(path).value_or(datamodel::TableState{});
  for (const auto number : state.rows) rows_.push_back(fmt::format("{}{}.", path, number));
}

Placed EventTable::put(const Alarm& alarm, const AlarmEvent& event, const std::string& object,
                       const Audience& audience) {
  if (rows_.empty()) return {};
  const auto& row = rows_[std::exchange(next_, (next_ + 1) % rows_.size())];
  Placed placed{row, model_.value(row + "EventTime").value_or("") != unknown_time,
                audience.waits_for(row + "EventTime")};
  auto columns = common_columns(alarm, object);
  columns.emplace_back("AdditionalInformation", "");  // told with the others (TR-196 ExpeditedEvent)
  columns.emplace_back("EventTime", to_date_time(std::chrono::floor<Seconds>(event.time)));
  columns.emplace_back("NotificationType", to_string(event.type));
  columns.emplace_back("PerceivedSeverity", event.type == NotificationType::cleared_alarm ? std::string_view("Cleared")
                                                                                          : to_string(alarm.severity));
  for (const auto& [name, value] : columns) {
    const auto path = row + std::string(name);
    if (model_.update(path, value)) audience.tell(path);
  }
  return placed;
}

}  // namespace hnbemu::alarms
