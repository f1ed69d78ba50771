#include "adapters/clock/steady_clock.h"

#include <gtest/gtest.h>

namespace hnbemu {
namespace {

constexpr std::chrono::hours kHour(1);

TEST(SteadyClock, WhenTimeIsNotScaled_ThenBothTimesAreOne) {
  const SteadyClock clock;
  const auto before = clock.now();
  EXPECT_GE(clock.device_now(), before);
  EXPECT_EQ(clock.machine_time(before + kHour), before + kHour);
  EXPECT_EQ(clock.machine_time(Deadline::max()), Deadline::max());
}

TEST(SteadyClock, WhenTimeIsScaled_ThenAnHourOfTheDevicesIsAMinute) {
  const SteadyClock clock(60);
  const auto before = clock.now();
  const auto due = clock.after(kHour);
  EXPECT_GE(due, before + Seconds{60});
  EXPECT_LE(due, clock.now() + Seconds{60} + Millis{1});
  EXPECT_EQ(clock.machine_time(Deadline::max()), Deadline::max());
}

// Who sleeps until then must find that it is so, or it would sleep again and again.
TEST(SteadyClock, WhenAMomentIsComputed_ThenItIsNotTooEarly) {
  const SteadyClock clock(7);
  const auto from = clock.device_now();
  for (int i = 0; i < 100; ++i) {
    const auto wanted = from + std::chrono::nanoseconds(i);
    while (clock.now() < clock.machine_time(wanted)) {
    }
    EXPECT_GE(clock.device_now(), wanted);
  }
}

TEST(SteadyClock, WhenTimeIsScaled_ThenTheDateGoesWithIt) {
  const SteadyClock clock(1000);
  const auto began = clock.wall_now();
  const auto end = clock.now() + Millis{2};
  while (clock.now() < end) {
  }
  EXPECT_GE(clock.wall_now() - began, Seconds{2});
}

}  // namespace
}  // namespace hnbemu
