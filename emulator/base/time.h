#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hnbemu {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

// Deadlines and waits: never jumps. Data-model times, periods and files: what the device believes the date to be.
using Deadline = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

// TR-106 3.2.1 dateTime: UTC with Z, the fraction only if there is one. 0001-01-01T00:00:00Z is the Unknown Time.
std::string to_date_time(WallTime time);
std::optional<WallTime> parse_date_time(std::string_view text);
// How long until the next `phase` ± n · `interval`; one interval if the phase is unknown or no time (TR-069
// PeriodicInformTime, TR-196 PeriodicTime). Never less than it says.
Millis until_next_period(Seconds interval, std::string_view phase, WallTime now);
inline constexpr std::string_view unknown_time = "0001-01-01T00:00:00Z";

}  // namespace hnbemu
