#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alarms/alarm.h"

namespace hnbemu::alarms {

using Columns = std::vector<std::pair<std::string_view, std::string>>;

// What CurrentAlarm.{i}. and the event tables say alike of an alarm, in their sizes (TR-196). `object`: the
// distinguished name of what it is about.
Columns common_columns(const Alarm& alarm, const std::string& object);

}  // namespace hnbemu::alarms
