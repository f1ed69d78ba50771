#pragma once

#include "pm/plan.h"

namespace hnbemu::pm {

// How things are around a cell.
struct Conditions {
  double hour = 12;  // local time, 0 to 24
  double fault = 0;  // probability with which an attempt fails for what is wrong with the device
};

// Between `night` and 1: the share of the busiest hour's traffic.
double activity(const Traffic& traffic, double hour);
// Users that would be there at once, over the capacity.
double load(const Traffic& traffic, double hour);

// What happens in a cell on the air in so many seconds. Calls and sessions are short against a period: what begins in
// it is told with its end, so drops never outnumber what was set up. The same arguments, the same result.
Counts draw(Rat rat, const Traffic& traffic, const Conditions& conditions, double seconds, std::uint64_t seed);

}  // namespace hnbemu::pm
