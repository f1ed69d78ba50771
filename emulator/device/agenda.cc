#include "device/agenda.h"

#include "base/number.h"
#include "cwmp/retry.h"

namespace hnbemu::device {
namespace {

Seconds seconds_in(std::string_view text) {
  return Seconds{parse_number<std::uint32_t>(text).value_or(0)};
}

}  // namespace

void Series::follow(Terms terms, const Clock& clock) {
  if (terms == terms_) return;
  terms_ = std::move(terms);
  const bool known = parse_date_time(terms_.time) && terms_.time != unknown_time;
  reference_ = known ? terms_.time : to_date_time(clock.wall_now());
  advance(clock);
}

void Series::advance(const Clock& clock) {
  due_ = Deadline::max();
  if (!terms_.enabled) return;
  due_ = clock.after(cwmp::until_periodic_inform(terms_.interval_s, reference_, clock.wall_now()));
}

void Agenda::begin() {
  follow_acs();
  periodic_.advance(context_.ports.clock);
  heartbeat_.advance(context_.ports.clock);
  session_ended_well();
}

void Agenda::session_ended_well() {
  last_session_ = context_.ports.clock.device_now();
}

void Agenda::follow_clock() {
  periodic_.advance(context_.ports.clock);
  heartbeat_.advance(context_.ports.clock);
}

void Agenda::follow_acs() {
  const auto& clock = context_.ports.clock;
  periodic_.follow(terms("periodic_inform_enable", "periodic_inform_interval", "periodic_inform_time"), clock);
  heartbeat_.follow(terms("heartbeat_enable", "heartbeat_interval", "heartbeat_time"), clock);
}

Series::Terms Agenda::terms(std::string_view enable, std::string_view interval, std::string_view time) const {
  return {context_.value_of(enable) == "true", context_.value_of(interval), context_.value_of(time)};
}

Deadline Agenda::next() const {
  Deadline next = std::min(periodic_.due(), heartbeat_.due());
  if (const auto due = notification_due()) next = std::min(next, *due);
  if (!context_.scheduled_informs.empty()) next = std::min(next, at(context_.scheduled_informs.front().at));
  return next;
}

bool Agenda::fire() {
  const auto now = context_.ports.clock.now();
  bool wanted = fire(periodic_, "2 PERIODIC");
  wanted = fire(heartbeat_, "14 HEARTBEAT") || wanted;
  auto& scheduled = context_.scheduled_informs;
  while (!scheduled.empty() && at(scheduled.front().at) <= now) {  // A.4.1.2
    context_.events.push("3 SCHEDULED");
    wanted = context_.events.push({"M ScheduleInform", scheduled.front().command_key}) || wanted;
    scheduled.erase(scheduled.begin());
  }
  const auto notification = notification_due();
  return wanted || (notification && *notification <= now);  // the session finds what has changed
}

bool Agenda::fire(Series& series, std::string_view event) {
  const auto& clock = context_.ports.clock;
  if (clock.now() < series.due()) return false;
  series.advance(clock);
  return context_.events.push(event);
}

Deadline Agenda::at(WallTime when) const {
  auto& clock = context_.ports.clock;
  return clock.after(when - clock.wall_now());
}

// DefaultActiveNotificationThrottle: the least time from the last session, for whatever it was, to one that is for an
// active notification alone.
std::optional<Deadline> Agenda::notification_due() const {
  if (!context_.notifications.session_wanted()) return std::nullopt;
  const auto throttle = seconds_in(context_.value_of("active_notification_throttle"));
  return context_.ports.clock.machine_time(last_session_ + throttle);
}

}  // namespace hnbemu::device
