#include "procedures/local_time.h"

namespace hnbemu::procedures {

std::string time_object(const config::Profile& profile) {
  const auto current = profile.path("current_time");
  return std::string(current.substr(0, current.rfind('.') + 1));
}

TimeZone local_time_zone(const Context& context) {
  const auto object = time_object(context.profile);
  for (const auto* const name : {"LocalTimeZoneName", "LocalTimeZone"}) {
    const auto text = context.model.value(object + name);
    if (const auto zone = TimeZone::parse(text.value_or(""))) return *zone;
  }
  return {};
}

bool shows_epoch(const Context& context) {
  return context.profile.quirks.clock_starts_1970 && !context.knows_time;
}

WallTime shown_time(const Context& context) {
  auto& clock = context.ports.clock;
  if (!shows_epoch(context)) return clock.wall_now();
  return WallTime{} + std::chrono::duration_cast<Seconds>(clock.device_now() - context.powered_at);
}

}  // namespace hnbemu::procedures
