#pragma once

#include <functional>

#include "fleet/fleet.h"

namespace hnbemu::app {

inline constexpr Seconds kShowLimit{20};  // for the HMS to hear of it

// Each device raises an alarm that is reported at once, and clears it when the HMS has heard of it. Returns when the
// HMS has heard that too, at the limit, or when `ended` says so.
void show_alarms(fleet::Fleet& fleet, const std::function<bool()>& ended);

}  // namespace hnbemu::app
