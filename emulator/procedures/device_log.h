#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "alarms/fault_management.h"
#include "ports/clock.h"
#include "procedures/step.h"

namespace hnbemu::procedures {

enum class LogLevel : std::uint8_t { error, warning, notice, info };  // RFC 5424 6.2.1
std::string_view to_string(LogLevel level);

// What a device writes down of itself: DeviceInfo.DeviceLog, and the vendor log file that it uploads. A line each, the
// oldest first: "2026-01-01T00:00:00Z warning the text". In memory alone: it outlives the device's reboots but not
// the loss of its power.
class DeviceLog {
 public:
  static constexpr std::size_t kMaxBytes = 32'768;  // of all lines, DeviceInfo.DeviceLog's size; the oldest go first
  static constexpr std::size_t kMaxLineBytes = 512;

  explicit DeviceLog(Clock& clock) : clock_(clock) {}

  // Bytes that are no UTF-8 and control characters become '?'.
  void add(LogLevel level, std::string_view text);
  // From now on alarms too, as they come, change and go; not those that are disabled everywhere.
  void watch(alarms::FaultManagement& alarms);
  // And the steps of procedures: those of sessions in service only if they fail.
  void watch(StepLog& steps);

  const std::string& text() const { return text_; }

 private:
  void put(WallTime time, LogLevel level, std::string_view text);

  Clock& clock_;
  std::string text_;
};

}  // namespace hnbemu::procedures
