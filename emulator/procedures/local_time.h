#pragma once

#include "base/time_zone.h"
#include "procedures/context.h"

namespace hnbemu::procedures {

// "Device.Time.", by the role current_time; "" if the profile has none.
std::string time_object(const config::Profile& profile);

// Time.LocalTimeZoneName where it is one that can be counted with, else Time.LocalTimeZone, else UTC.
TimeZone local_time_zone(const Context& context);

// Nobody has set the clock since power-up, and it is of those that begin at the epoch then.
bool shows_epoch(const Context& context);

// What the device's clock shows.
WallTime shown_time(const Context& context);

}  // namespace hnbemu::procedures
