#pragma once

#include <random>
#include <string_view>

#include "base/time.h"

namespace hnbemu::cwmp {

// ManagementServer.CWMPRetryMinimumWaitInterval and CWMPRetryIntervalMultiplier (thousandths).
struct RetryPolicy {
  Seconds minimum{5};
  unsigned multiplier = 2000;
};

// The parameters' texts; what is out of their range counts as the default.
RetryPolicy retry_policy(std::string_view minimum_wait_s, std::string_view interval_multiplier);

// More than the formula gives for any policy in the range of TR-069's parameters that makes sense.
inline constexpr Millis kMaxRetryWait = std::chrono::hours(24 * 366);

// TR-069 3.2.1.1: how long to wait after the nth failure in a row, from 1; from the 10th on the range stays the same.
Millis retry_wait(unsigned failures, RetryPolicy policy, std::mt19937_64& random);

// How long until the next `2 PERIODIC`: the next PeriodicInformTime ± n · PeriodicInformInterval, or one interval from
// now if the time is unknown. An interval that is no positive number counts as a day, its default in practice.
Millis until_periodic_inform(std::string_view interval_s, std::string_view phase, WallTime now);

}  // namespace hnbemu::cwmp
