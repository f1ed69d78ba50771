#include "diagnostics/response_times.h"

#include <algorithm>

namespace hnbemu::diagnostics {
namespace {

constexpr std::uint64_t kLongestHopTime = 9'999;  // ms: TR-098 HopRTTimes has 16 characters for three of them

std::string text(std::uint64_t number) {
  return fmt::to_string(number);
}

std::string text(Micros time) {
  return fmt::to_string(time.count());
}

}  // namespace

std::uint64_t to_response_ms(Micros time) {
  if (time.count() <= 0) return 0;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::chrono::round<Millis>(time).count()));
}

void ResponseTimes::answered(Micros time) {
  time = std::max(time, Micros{1});
  minimum_ = successes_ == 0 ? time : std::min(minimum_, time);
  maximum_ = std::max(maximum_, time);
  sum_ += time;
  ++successes_;
}

Micros ResponseTimes::average() const {
  return successes_ == 0 ? Micros{0} : sum_ / successes_;
}

std::vector<Field> fields_of(const ResponseTimes& times) {
  return {{"SuccessCount", text(times.successes())},
          {"FailureCount", text(times.failures())},
          {"AverageResponseTime", text(to_response_ms(times.average()))},
          {"MinimumResponseTime", text(to_response_ms(times.minimum()))},
          {"MaximumResponseTime", text(to_response_ms(times.maximum()))},
          {"AverageResponseTimeDetailed", text(times.average())},
          {"MinimumResponseTimeDetailed", text(times.minimum())},
          {"MaximumResponseTimeDetailed", text(times.maximum())}};
}

Report route_report(const std::vector<Hop>& hops) {
  auto report = completed();
  Table table{"RouteHops", {}};
  for (const auto& hop : hops) {
    std::vector<std::uint64_t> times;
    for (const auto time : hop.times) times.push_back(std::min(to_response_ms(time), kLongestHopTime));
    const auto host = hop.name.empty() ? hop.address : hop.name;
    const auto list = fmt::format("{}", fmt::join(times, ","));
    table.rows.push_back({{"Host", host},
                          {"HopHost", host},
                          {"HostAddress", hop.address},
                          {"HopHostAddress", hop.address},
                          {"ErrorCode", text(hop.code)},
                          {"HopErrorCode", text(hop.code)},
                          {"RTTimes", list},
                          {"HopRTTimes", list}});
  }
  if (!hops.empty() && !hops.back().times.empty()) {
    report.values.push_back({"ResponseTime", text(to_response_ms(std::ranges::max(hops.back().times)))});
  }
  report.tables.push_back(std::move(table));
  return report;
}

}  // namespace hnbemu::diagnostics
