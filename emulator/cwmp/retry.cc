#include "cwmp/retry.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/number.h"

namespace hnbemu::cwmp {
namespace {

constexpr unsigned kLastRange = 10;
constexpr std::int64_t kDayS = 86'400;
constexpr std::int64_t kMaxIntervalS = UINT32_MAX;  // PeriodicInformInterval is an unsignedInt
constexpr unsigned kMinMultiplier = 1000;           // CWMPRetryIntervalMultiplier

}  // namespace

RetryPolicy retry_policy(std::string_view minimum_wait_s, std::string_view interval_multiplier) {
  constexpr std::uint32_t max = 65'535;
  RetryPolicy policy;
  const auto number = [](std::string_view text) {
    const auto value = parse_number<std::uint32_t>(text).value_or(0);
    return value <= max ? value : 0;
  };
  if (const auto minimum = number(minimum_wait_s)) policy.minimum = Seconds{minimum};
  if (const auto multiplier = number(interval_multiplier); multiplier >= kMinMultiplier) policy.multiplier = multiplier;
  return policy;
}

Millis retry_wait(unsigned failures, RetryPolicy policy, std::mt19937_64& random) {
  const double n = std::clamp(failures, 1u, kLastRange);
  const double k = std::max(policy.multiplier, kMinMultiplier) / 1000.0;
  const double m = std::chrono::duration<double, std::milli>(policy.minimum).count();
  std::uniform_real_distribution<double> range(m * std::pow(k, n - 1), m * std::pow(k, n));
  const double wait = std::min(range(random), static_cast<double>(kMaxRetryWait.count()));
  return Millis{static_cast<std::int64_t>(wait)};
}

Millis until_periodic_inform(std::string_view interval_s, std::string_view phase, WallTime now) {
  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(interval_s.data(), interval_s.data() + interval_s.size(), seconds);
  if (parsed.ec == std::errc::result_out_of_range) seconds = kMaxIntervalS;
  if (seconds <= 0) seconds = kDayS;
  return until_next_period(Seconds{std::min(seconds, kMaxIntervalS)}, phase, now);
}

}  // namespace hnbemu::cwmp
