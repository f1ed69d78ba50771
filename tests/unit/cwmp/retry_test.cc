#include "cwmp/retry.h"

#include <gtest/gtest.h>

namespace hnbemu::cwmp {
namespace {

using namespace std::chrono_literals;

// The shortest and the longest of many waits.
std::pair<Millis, Millis> range(unsigned failures, RetryPolicy policy = {}) {
  std::mt19937_64 random(1);
  Millis shortest = Millis::max();
  Millis longest{0};
  for (int i = 0; i < 2'000; ++i) {
    const auto wait = retry_wait(failures, policy, random);
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
  }
  return {shortest, longest};
}

// The whole of [low, high] is used and nothing else.
void expect_range(std::pair<Millis, Millis> got, Millis low, Millis high) {
  const auto margin = (high - low) / 50;
  EXPECT_GE(got.first, low);
  EXPECT_LE(got.first, low + margin);
  EXPECT_LE(got.second, high);
  EXPECT_GE(got.second, high - margin);
}

TEST(RetryWait, WhenSessionsFailInARow_ThenTheWaitsFollowTheTable) {
  Millis low = 5s;
  for (unsigned failures = 1; failures <= 10; ++failures, low *= 2) expect_range(range(failures), low, 2 * low);
  expect_range(range(11), 2560s, 5120s);
  expect_range(range(1'000'000), 2560s, 5120s);
}

TEST(RetryWait, WhenThePolicyIsSet_ThenTheGeneralFormulaHolds) {
  expect_range(range(1, {10s, 3000}), 10s, 30s);
  expect_range(range(3, {10s, 3000}), 90s, 270s);
  expect_range(range(4, {7s, 1000}), 7s, 7s);
}

TEST(RetryWait, WhenThePolicyIsExtreme_ThenTheWaitIsStillAWait) {
  for (const auto policy : {RetryPolicy{65535s, 65535}, RetryPolicy{0s, 2000}, RetryPolicy{5s, 0}}) {
    const auto [shortest, longest] = range(10, policy);
    EXPECT_GE(shortest, 0ms);
    EXPECT_LE(longest, kMaxRetryWait);
  }
}

WallTime at(std::string_view text) {
  return *parse_date_time(text);
}

TEST(PeriodicInform, WhenAPhaseIsSet_ThenInformsKeepToIt) {
  constexpr std::string_view phase = "2026-03-01T00:00:00Z";
  EXPECT_EQ(until_periodic_inform("3600", phase, at("2026-03-01T00:10:00Z")), 50min);
  EXPECT_EQ(until_periodic_inform("3600", phase, at("2026-03-01T01:00:00Z")), 1h);
  EXPECT_EQ(until_periodic_inform("3600", phase, at("2026-02-28T23:59:00Z")), 1min);
  EXPECT_EQ(until_periodic_inform("3600", phase, at("2026-02-28T21:30:00Z")), 30min);
}

TEST(PeriodicInform, WhenThePhaseIsUnknown_ThenTheIntervalCountsFromNow) {
  EXPECT_EQ(until_periodic_inform("30", unknown_time, at("2026-03-01T00:00:07Z")), 30s);
  EXPECT_EQ(until_periodic_inform("30", "", at("2026-03-01T00:00:07Z")), 30s);
}

TEST(PeriodicInform, WhenTheTimerFiresAtItsMillisecond_ThenTheSameInformIsNotDueAgain) {
  const auto now = at("2026-03-01T00:00:00.0001Z");
  const auto wait = until_periodic_inform("30", "2026-03-01T00:00:00Z", now);
  EXPECT_GE(until_periodic_inform("30", "2026-03-01T00:00:00Z", now + wait), 29s);
}

TEST(PeriodicInform, WhenTheIntervalIsNoUsableNumber_ThenTheWaitIsADay) {
  for (const auto* interval : {"", "0", "-5", "soon"}) {
    EXPECT_EQ(until_periodic_inform(interval, "", at("2026-03-01T00:00:00Z")), 24h) << interval;
  }
  for (const auto* interval : {"4294967295", "9223372036854775807"}) {
    EXPECT_GT(until_periodic_inform(interval, "2026-03-01T00:00:00Z", at("2026-03-01T00:00:00Z")), 0ms) << interval;
  }
}

}  // namespace
}  // namespace hnbemu::cwmp
