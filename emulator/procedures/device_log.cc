#include "procedures/device_log.h"

#include <fmt/format.h>

#include <array>

#include "files/text.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kAlarmTable = ".FaultMgmt.CurrentAlarm.";
constexpr const char* kAlarmNames[] = {"AlarmIdentifier", "PerceivedSeverity",     "ProbableCause",
                                       "SpecificProblem", "ManagedObjectInstance", "AdditionalText"};
constexpr std::size_t kRoom = DeviceLog::kMaxBytes / 4;  // is made at once when the log is full

// "Device.FaultMgmt.CurrentAlarm.3." of a path in it, or nothing.
std::string_view alarm_row(std::string_view path) {
  const auto at = path.find(kAlarmTable);
  if (at == std::string_view::npos) return {};
  const auto end = path.find('.', at + kAlarmTable.size());
  return end == std::string_view::npos ? std::string_view{} : path.substr(0, end + 1);
}

std::string cleaned(std::string_view text) {
  std::string line(files::cut(text, DeviceLog::kMaxLineBytes));
  const bool utf8 = files::is_utf8(line);
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) c = '?';
  }
  return line;
}

}  // namespace

std::string_view to_string(LogLevel level) {
  constexpr std::array<std::string_view, 4> kNames{"error", "warning", "notice", "info"};
  return kNames.at(static_cast<std::size_t>(level));
}

void DeviceLog::add(LogLevel level, std::string_view text) {
  tell_alarms();
  put(clock_.wall_now(), level, text);
}

void DeviceLog::put(WallTime time, LogLevel level, std::string_view text) {
  const auto when = to_date_time(std::chrono::floor<Seconds>(time));
  if (text_.capacity() > kRoom) text_.reserve(kMaxBytes + 2 * kMaxLineBytes);  // it grows no further
  text_ += fmt::format("{} {} {}\n", when, to_string(level), cleaned(text));
  if (text_.size() > kMaxBytes) text_.erase(0, text_.find('\n', text_.size() - kMaxBytes + kRoom) + 1);
}

std::string DeviceLog::text() {
  tell_alarms();
  return text_;
}

void DeviceLog::watch(StepLog& steps) {
  steps.observe([this](const StepRecord& record) {
    if (!record.error && record.step.clause.starts_with("TR-069")) return;
    add(record.error ? LogLevel::warning : LogLevel::info, to_string(record));
  });
}

void DeviceLog::watch(datamodel::DataModel& model) {
  model.observe([this, &model](std::span<const datamodel::Change> changes) {
    for (const auto& change : changes) on_change(model, change);
  });
}

// An alarm's row comes first and is then filled in, one parameter after the other: it is told when all of that is done.
void DeviceLog::on_change(const datamodel::DataModel& model, const datamodel::Change& change) {
  using Kind = datamodel::Change::Kind;
  const auto row = alarm_row(change.path);
  if (row.empty()) return;
  if (change.kind == Kind::deleted) {
    tell_alarms();
    const auto found = alarms_.find(row);
    if (found == alarms_.end()) return;
    auto& values = found->second.values;
    put(clock_.wall_now(), LogLevel::notice,
        fmt::format("alarm cleared: {} {}", values["AlarmIdentifier"], values["SpecificProblem"]));
    alarms_.erase(found);
    return;
  }
  if (change.kind != Kind::value && change.kind != Kind::added) return;
  auto& alarm = alarms_[std::string(row)];
  if (change.kind == Kind::added) {
    for (const auto* const name : kAlarmNames) alarm.values[name] = model.value(change.path + name).value_or("");
  }
  if (change.kind == Kind::value) alarm.values[change.path.substr(row.size())] = change.value;
  alarm.changed = clock_.wall_now();
  alarm.untold = true;
}

void DeviceLog::tell_alarms() {
  for (auto& [row, alarm] : alarms_) {
    if (!std::exchange(alarm.untold, false)) continue;
    auto& values = alarm.values;
    put(alarm.changed, LogLevel::warning,
        fmt::format("alarm {}: {} {}, {}, {} on {}: {}", std::exchange(alarm.told, true) ? "changed" : "raised",
                    values["AlarmIdentifier"], values["PerceivedSeverity"], values["ProbableCause"],
                    values["SpecificProblem"], values["ManagedObjectInstance"], values["AdditionalText"]));
  }
}

}  // namespace hnbemu::procedures
