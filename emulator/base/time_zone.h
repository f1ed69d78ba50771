#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace hnbemu {

// A local time zone: POSIX.1 TZ ("CET-1CEST,M3.5.0,M10.5.0/3"), as TR-181 Time.LocalTimeZone has it (also with a space
// before the summer time's name), or a mere "+01:00", as TR-098 has it. No database, no process-wide state: any thread.
class TimeZone {
 public:
  TimeZone() = default;  // UTC
  // Nothing if it is no such text, or leads more than 14 hours away from UTC (XML Schema 1.0 part 2, 3.2.7.3).
  static std::optional<TimeZone> parse(std::string_view text);

  Seconds offset_at(WallTime time) const;  // what local time is ahead of UTC
  // dateTime of that moment with the zone's offset then, "Z" where it is none; in whole seconds.
  std::string to_date_time(WallTime time) const;

  bool operator==(const TimeZone&) const = default;

 private:
  struct Change {                                             // the day of a year, and the local time before the change
    enum class Kind : std::uint8_t { julian, day, weekday };  // Jn (no 29 February), n (from 0), Mm.w.d
    Kind kind = Kind::weekday;
    int month = 0;
    int week = 0;  // 5: the last
    int day = 0;
    Seconds time = std::chrono::hours(2);
    bool operator==(const Change&) const = default;
  };
  class Reader;
  static std::chrono::sys_seconds moment(const Change& change, std::chrono::year year, Seconds offset);

  Seconds standard_{0};
  std::optional<Seconds> summer_;
  Change begin_;  // of summer time
  Change end_;
};

}  // namespace hnbemu
