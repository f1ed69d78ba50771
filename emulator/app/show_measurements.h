#pragma once

#include <functional>

#include "fleet/fleet.h"

namespace hnbemu::app {

// Has each device send a measurement file now, and waits until the lab's HMS has one of each: seconds at most.
void show_measurements(fleet::Fleet& fleet, const std::function<bool()>& ended);

}  // namespace hnbemu::app
