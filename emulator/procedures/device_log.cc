#include "procedures/device_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "files/text.h"

namespace hnbemu::procedures {
namespace {

constexpr std::size_t kRoom = DeviceLog::kMaxBytes / 4;  // is made at once when the log is full

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
  put(clock_.wall_now(), level, text);
}

void DeviceLog::put(WallTime time, LogLevel level, std::string_view text) {
  const auto when = to_date_time(std::chrono::floor<Seconds>(time));
  if (text_.capacity() > kRoom) text_.reserve(kMaxBytes + 2 * kMaxLineBytes);  // it grows no further
  text_ += fmt::format("{} {} {}\n", when, to_string(level), cleaned(text));
  if (text_.size() > kMaxBytes) text_.erase(0, text_.find('\n', text_.size() - kMaxBytes + kRoom) + 1);
}

void DeviceLog::watch(StepLog& steps) {
  steps.observe([this](const StepRecord& record) {
    if (!record.error && record.step.clause.starts_with("TR-069")) return;
    add(record.error ? LogLevel::warning : LogLevel::info, to_string(record));
  });
}

void DeviceLog::watch(alarms::FaultManagement& alarms) {
  alarms.observe([this](const alarms::Alarm& alarm, const alarms::AlarmEvent& event, const auto& reports) {
    const bool told = std::ranges::any_of(
        reports, [](const auto& report) { return report.mechanism != config::Mechanism::disabled; });
    if (!told) return;
    const auto& known = *alarm.definition;
    if (event.type == alarms::NotificationType::cleared_alarm) {
      put(event.time, LogLevel::notice, fmt::format("alarm cleared: {} {}", alarm.identifier, known.specific_problem));
      return;
    }
    const bool fresh = event.type == alarms::NotificationType::new_alarm;
    put(event.time, LogLevel::warning,
        fmt::format("alarm {}: {} {}, {}, {} on {}: {}", fresh ? "raised" : "changed", alarm.identifier,
                    to_string(alarm.severity), known.probable_cause, known.specific_problem, alarm.managed_object,
                    alarm.text));
  });
}

}  // namespace hnbemu::procedures
