#include "device/agenda.h"

#include <charconv>

#include "cwmp/retry.h"

namespace hnbemu::device {
namespace {

bool is_true(std::string_view value) {
  return value == "1" || value == "true";
}

Seconds seconds_in(std::string_view text) {
  std::uint32_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return Seconds{seconds};
}

}  // namespace

void Agenda::begin() {
  periodic_ = next_periodic();
  heartbeat_ = next_heartbeat();
}

void Agenda::session_ended() {
  begin();
}

Deadline Agenda::next() const {
  Deadline next = periodic_;
  if (heartbeat_) next = std::min(next, *heartbeat_);
  if (const auto due = notification_due()) next = std::min(next, *due);
  if (!context_.scheduled_informs.empty()) next = std::min(next, at(context_.scheduled_informs.front().at));
  return next;
}

bool Agenda::fire() {
  const auto now = context_.ports.clock.now();
  bool wanted = false;
  if (now >= periodic_) {
    if (is_true(context_.value_of("periodic_inform_enable"))) wanted = context_.events.push("2 PERIODIC");
    periodic_ = next_periodic();
  }
  if (heartbeat_ && now >= *heartbeat_) {
    wanted = context_.events.push("14 HEARTBEAT") || wanted;
    heartbeat_ = next_heartbeat();
  }
  auto& scheduled = context_.scheduled_informs;
  while (!scheduled.empty() && at(scheduled.front().at) <= now) {  // A.4.1.2
    context_.events.push("3 SCHEDULED");
    wanted = context_.events.push({"M ScheduleInform", scheduled.front().command_key}) || wanted;
    scheduled.erase(scheduled.begin());
  }
  if (const auto due = notification_due(); due && *due <= now) {
    notified_ = now;
    wanted = true;  // the session finds what has changed
  }
  return wanted;
}

Deadline Agenda::at(WallTime when) const {
  auto& clock = context_.ports.clock;
  return clock.now() + (when - clock.wall_now());
}

// DefaultActiveNotificationThrottle: the least time from one session for an active notification to the next.
std::optional<Deadline> Agenda::notification_due() const {
  if (!context_.notifications.session_wanted()) return std::nullopt;
  if (!notified_) return context_.ports.clock.now();
  return *notified_ + seconds_in(context_.value_of("active_notification_throttle"));
}

// From one PeriodicInformTime to the next if there is one, else from now (TR-069 PeriodicInformTime). Switched off, it
// is looked at again in a day.
Deadline Agenda::next_periodic() const {
  auto& clock = context_.ports.clock;
  if (!is_true(context_.value_of("periodic_inform_enable"))) return clock.now() + std::chrono::hours(24);
  return clock.now() + cwmp::until_periodic_inform(context_.value_of("periodic_inform_interval"),
                                                   context_.value_of("periodic_inform_time"), clock.wall_now());
}

// HeartbeatPolicy: InitiationTime ± n · ReportingInterval.
std::optional<Deadline> Agenda::next_heartbeat() const {
  if (!is_true(context_.value_of("heartbeat_enable"))) return std::nullopt;
  auto& clock = context_.ports.clock;
  return clock.now() + cwmp::until_periodic_inform(context_.value_of("heartbeat_interval"),
                                                   context_.value_of("heartbeat_time"), clock.wall_now());
}

}  // namespace hnbemu::device
