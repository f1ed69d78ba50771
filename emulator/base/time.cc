#include "base/time.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include "base/number.h"

namespace hnbemu {
namespace {

// Takes `digits` decimal digits and the separator behind them off the front of `text`.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view separators) {
  if (text.size() < digits) return std::nullopt;
  const auto number = parse_number<unsigned>(text.substr(0, digits));
  if (!number) return std::nullopt;
  const auto value = static_cast<int>(*number);
  text.remove_prefix(digits);
  if (separators.empty()) return value;
  if (text.empty() || separators.find(text.front()) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

// "Z", "+02:00", "-05:30" or nothing (which XML Schema calls local time, and CWMP devices mean UTC).
std::optional<std::chrono::minutes> parse_zone(std::string_view text) {
  if (text.empty() || text == "Z") return std::chrono::minutes{0};
  const bool negative = text.front() == '-';
  if (!negative && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take(text, 2, ":");
  if (!hours) return std::nullopt;
  const auto minutes = take(text, 2, "");
  if (!minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return negative ? -offset : offset;
}

std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return std::chrono::microseconds{0};
  text.remove_prefix(1);
  std::int64_t value = 0;
  std::int64_t unit = 100'000;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits, unit /= 10) {
    value += (text[digits] - '0') * unit;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return std::chrono::microseconds{value};
}

}  // namespace

std::string to_date_time(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  auto text = fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                          clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:06}", clock.subseconds().count());
  return text + "Z";
}

std::optional<WallTime> parse_date_time(std::string_view text) {
  using namespace std::chrono;
  const auto y = take(text, 4, "-");
  const auto m = y ? take(text, 2, "-") : std::nullopt;
  const auto d = m ? take(text, 2, "T") : std::nullopt;
  const auto hour = d ? take(text, 2, ":") : std::nullopt;
  const auto minute = hour ? take(text, 2, ":") : std::nullopt;
  const auto second = minute ? take(text, 2, "") : std::nullopt;
  if (!second || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  const auto fraction = take_fraction(text);
  const auto zone = fraction ? parse_zone(text) : std::nullopt;
  if (!date.ok() || !zone) return std::nullopt;
  return WallTime{sys_days{date}} + hours{*hour} + minutes{*minute} + seconds{*second} + *fraction - *zone;
}

Millis until_next_period(Seconds interval, std::string_view phase, WallTime now) {
  using std::chrono::ceil;  // a timer that fires early would fire twice
  const std::chrono::microseconds period = interval;
  const auto time = parse_date_time(phase);
  if (!time || phase == unknown_time) return ceil<Millis>(period);
  const auto since = (now - *time) % period;  // negative before the phase
  return ceil<Millis>(since.count() < 0 ? -since : period - since);
}

}  // namespace hnbemu
