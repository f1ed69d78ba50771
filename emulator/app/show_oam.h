#pragma once

#include <functional>

#include "fleet/fleet.h"

namespace hnbemu::app {

inline constexpr Seconds kShowLimit{20};  // for the HMS to hear of the alarms; half of it for the files

// Each device raises an alarm that is reported at once, and clears it when the HMS has heard of it; then it sends a
// measurement file. Returns when the HMS has all of that, at the limit, or when `ended` says so.
void show_oam(fleet::Fleet& fleet, const std::function<bool()>& ended);

}  // namespace hnbemu::app
