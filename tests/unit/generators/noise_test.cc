#include "generators/noise.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hnbemu::generators {
namespace {

TEST(Noise, WhenWalkIsAskedStepByStep_ThenNoStepIsLongerThanOne) {
  double before = 0;
  double longest = 0;
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    const double here = walk(7, step);
    ASSERT_LE(std::abs(here - before), 1.0 + 1e-6) << step;
    longest = std::max(longest, std::abs(here - before));
    before = here;
  }
  EXPECT_GT(longest, 0.9);
}

TEST(Noise, WhenWalkIsLong_ThenItSpreadsAsAWalkDoes) {
  constexpr std::uint64_t kSteps = 10'000;
  double squares = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) squares += std::pow(walk(seed, kSteps), 2);
  const double deviation = std::sqrt(squares / 500);
  EXPECT_GT(deviation, 35);  // half a step in each of 10,000: 50
  EXPECT_LT(deviation, 65);
}

TEST(Noise, WhenWalkIsBeyondItsEnd_ThenItStands) {
  EXPECT_EQ(walk(3, std::uint64_t{1} << kWalkLevels), walk(3, UINT64_MAX));
  EXPECT_EQ(walk(3, 0), 0);
}

TEST(Noise, WhenNumberIsFolded_ThenItIsReflectedAtTheBounds) {
  EXPECT_EQ(fold(5, 0, 10), 5);
  EXPECT_EQ(fold(12, 0, 10), 8);
  EXPECT_EQ(fold(-3, 0, 10), 3);
  EXPECT_EQ(fold(25, 0, 10), 5);
  EXPECT_EQ(fold(4, 7, 7), 7);
}

TEST(Noise, WhenManyNumbersAreDrawn_ThenTheyAreEvenlySpread) {
  double sum = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const double drawn = uniform(seed_of(1, "Device.X"), i);
    ASSERT_GE(drawn, 0);
    ASSERT_LT(drawn, 1);
    sum += drawn;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
  EXPECT_NE(seed_of(1, "Device.X"), seed_of(1, "Device.Y"));
  EXPECT_NE(seed_of(1, "Device.X"), seed_of(2, "Device.X"));
}

}  // namespace
}  // namespace hnbemu::generators
