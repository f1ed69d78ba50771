#include "alarms/journal.h"

namespace hnbemu::alarms {
namespace {

constexpr std::string_view kTime = "EventTime";

}  // namespace

Record* Journal::at(std::uint64_t number) {
  if (number < first_ || number - first_ >= records_.size()) return nullptr;
  return &records_[number - first_];
}

void Journal::note(const Alarm& alarm, const AlarmEvent& event, const std::vector<Report>& reports) {
  const auto open = open_.find(alarm.identifier);
  auto number = open == open_.end() ? first_ + records_.size() : open->second;
  const bool cleared = event.type == NotificationType::cleared_alarm;
  if (event.type == NotificationType::new_alarm) {
    number = first_ + records_.size();
    Record record{alarm.identifier, alarm.definition->specific_problem, alarm.severity};
    record.mechanism = reports.empty() ? config::Mechanism::disabled : reports.front().mechanism;
    record.raised = event.time;
    records_.push_back(std::move(record));
    open_[alarm.identifier] = number;
  }
  if (records_.size() > kMaxRecords) {
    records_.pop_front();
    ++first_;
  }
  if (auto* const record = at(number)) {
    record->severity = alarm.severity;
    if (cleared) record->cleared = event.time;
  }
  if (cleared) open_.erase(alarm.identifier);
  for (const auto& report : reports) {
    if (!report.row.empty()) rows_[report.row] = {number, cleared};
  }
}

void Journal::told(std::string_view path, WallTime now) {
  if (!path.ends_with(kTime)) return;
  const auto row = rows_.find(path.substr(0, path.size() - kTime.size()));
  if (row == rows_.end()) return;
  const auto event = row->second;
  rows_.erase(row);
  auto* const record = at(event.record);
  if (record == nullptr) return;
  auto& when = event.cleared ? record->clear_reported : record->reported;
  if (when) return;  // of an alarm that has changed
  when = now;
  if (observer_) observer_(*record, event.cleared);
}

void Journal::power_down() {
  open_.clear();
  rows_.clear();
}

}  // namespace hnbemu::alarms
