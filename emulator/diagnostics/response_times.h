#pragma once

#include <chrono>
#include <vector>

#include "diagnostics/report.h"

namespace hnbemu::diagnostics {

using Micros = std::chrono::microseconds;

// In the milliseconds of the data models. An answer takes at least one: 0 says that none came (TR-181 RTTimes).
std::uint64_t to_response_ms(Micros time);

// What several packets of a test took.
class ResponseTimes {
 public:
  void answered(Micros time);
  void missed() { ++failures_; }

  unsigned successes() const { return successes_; }
  unsigned failures() const { return failures_; }
  Micros average() const;  // these three are 0 if none was answered
  Micros minimum() const { return minimum_; }
  Micros maximum() const { return maximum_; }

 private:
  unsigned successes_ = 0;
  unsigned failures_ = 0;
  Micros sum_{0};
  Micros minimum_{0};
  Micros maximum_{0};
};

// TR-181 IPPing: SuccessCount, FailureCount, and times in milliseconds and (…Detailed) microseconds.
std::vector<Field> fields_of(const ResponseTimes& times);

// One router on the way, TR-181 RouteHops.
struct Hop {
  std::string address;        // "" if nothing ever answered from there
  std::string name;           // by reverse DNS; "" if it has none
  unsigned code = 0;          // of the ICMP message
  std::vector<Micros> times;  // one for each try; 0: no answer
};

// A route that was found: its last hop is the host. TR-181 TraceRoute.
Report route_report(const std::vector<Hop>& hops);

}  // namespace hnbemu::diagnostics
