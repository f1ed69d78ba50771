#include "base/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hnbemu {
namespace {

constexpr Seconds kFarthest = std::chrono::hours(14);
constexpr int kMaxRuleHours = 167;  // POSIX.1-2024 8.3: a change may be days away from its day
constexpr std::size_t kMinName = 3;
constexpr std::size_t kMaxText = 256;  // of Time.LocalTimeZone

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

// Takes piece after piece off the front of the text; false or nothing where the piece is not there.
class TimeZone::Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::optional<int> number(int min, int max) {
    int value = 0;
    if (text_.empty() || text_.front() < '0' || text_.front() > '9') return std::nullopt;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc{} || value < min || value > max) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }
  // "CET", "<+0330>"
  bool name() {
    if (take('<')) {
      const auto end = text_.find('>');
      if (end == std::string_view::npos || end < kMinName) return false;
      text_.remove_prefix(end + 1);
      return true;
    }
    const auto end = std::find_if_not(text_.begin(), text_.end(), is_letter);
    const auto size = static_cast<std::size_t>(end - text_.begin());
    text_.remove_prefix(size);
    return size >= kMinName;
  }
  // "[+-]hh[:mm[:ss]]"
  std::optional<Seconds> time(int max_hours) {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = number(0, max_hours);
    if (!hours) return std::nullopt;
    Seconds time = std::chrono::hours(*hours);
    for (const auto unit : {Seconds{60}, Seconds{1}}) {
      if (!take(':')) break;
      const auto part = number(0, 59);
      if (!part) return std::nullopt;
      time += *part * unit;
    }
    return negative ? -time : time;
  }
  // ",M10.5.0/3"
  std::optional<Change> change() {
    if (!take(',')) return std::nullopt;
    Change change;
    std::optional<int> day;
    if (take('J')) {
      change.kind = Change::Kind::julian;
      day = number(1, 365);
    } else if (take('M')) {
      const auto month = number(1, 12);
      const auto week = month && take('.') ? number(1, 5) : std::nullopt;
      day = week && take('.') ? number(0, 6) : std::nullopt;
      change.month = month.value_or(0);
      change.week = week.value_or(0);
    } else {
      change.kind = Change::Kind::day;
      day = number(0, 365);
    }
    if (!day) return std::nullopt;
    change.day = *day;
    if (!take('/')) return change;
    const auto at = time(kMaxRuleHours);
    if (!at) return std::nullopt;
    change.time = *at;
    return change;
  }

 private:
  std::string_view text_;
};

std::optional<TimeZone> TimeZone::parse(std::string_view text) {
  if (text.size() > kMaxText) return std::nullopt;
  Reader reader(text);
  TimeZone zone;
  if (text.starts_with('+') || text.starts_with('-')) {  // ISO 8601: east of Greenwich is +
    const auto east = reader.time(14);
    if (!east || !reader.done() || std::chrono::abs(*east) > kFarthest) return std::nullopt;
    zone.standard_ = *east;
    return zone;
  }
  if (!reader.name()) return std::nullopt;
  const auto west = reader.time(24);
  if (!west || std::chrono::abs(*west) > kFarthest) return std::nullopt;
  zone.standard_ = -*west;
  while (reader.take(' ')) {
  }
  if (reader.done()) return zone;
  if (!reader.name()) return std::nullopt;
  Reader before = reader;
  const auto summer_west = reader.time(24);
  if (!summer_west) reader = before;
  zone.summer_ = summer_west ? -*summer_west : zone.standard_ + std::chrono::hours(1);
  if (std::chrono::abs(*zone.summer_) > kFarthest) return std::nullopt;
  // Without rules they are the implementation's choice: those that most have.
  if (reader.done()) reader = Reader(",M3.2.0,M11.1.0");
  const auto begin = reader.change();
  const auto end = begin ? reader.change() : std::nullopt;
  if (!end || !reader.done()) return std::nullopt;
  zone.begin_ = *begin;
  zone.end_ = *end;
  return zone;
}

std::chrono::sys_seconds TimeZone::moment(const Change& change, std::chrono::year year, Seconds offset) {
  using namespace std::chrono;
  sys_days day;
  if (change.kind == Change::Kind::weekday) {
    const month month{static_cast<unsigned>(change.month)};
    const weekday weekday{static_cast<unsigned>(change.day)};
    day = change.week == 5 ? sys_days{year / month / weekday[last]}
                           : sys_days{year / month / weekday[static_cast<unsigned>(change.week)]};
  } else {
    const bool leap_day_passed = change.kind == Change::Kind::julian && year.is_leap() && change.day >= 60;
    const int from_zero = change.kind == Change::Kind::julian ? change.day - 1 + (leap_day_passed ? 1 : 0) : change.day;
    day = sys_days{year / January / 1} + days{from_zero};
  }
  return day + change.time - offset;
}

Seconds TimeZone::offset_at(WallTime time) const {
  if (!summer_) return standard_;
  const auto local_day = std::chrono::floor<std::chrono::days>(time + standard_);
  const auto year = std::chrono::year_month_day{local_day}.year();
  const auto begin = moment(begin_, year, standard_);
  const auto end = moment(end_, year, *summer_);
  const bool is_summer = begin < end ? time >= begin && time < end : time >= begin || time < end;
  return is_summer ? *summer_ : standard_;
}

std::string TimeZone::to_date_time(WallTime time) const {
  const auto offset = std::chrono::duration_cast<std::chrono::minutes>(offset_at(time));
  auto text = hnbemu::to_date_time(std::chrono::floor<Seconds>(time) + offset);
  if (offset.count() == 0) return text;
  text.pop_back();  // Z
  const auto size = std::chrono::abs(offset).count();
  return text + fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace hnbemu
