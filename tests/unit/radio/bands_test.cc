#include "radio/bands.h"

#include <gtest/gtest.h>

namespace hnbemu::radio {
namespace {

constexpr auto kUmts = RadioTechnology::umts;
constexpr auto kLte = RadioTechnology::lte;
constexpr auto kGsm = RadioTechnology::gsm;

// TS 25.101 5.4.3, TS 36.101 5.7.3, TS 45.005 2.
TEST(Bands, WhenAChannelIsGiven_ThenItsFrequencyAndUplinkAreTheStandards) {
  EXPECT_NEAR(*downlink_mhz(kUmts, 10'562), 2112.4, 1e-6);
  EXPECT_EQ(uplink_channel(kUmts, 10'562), 9'612u);
  EXPECT_NEAR(*downlink_mhz(kUmts, 3'012), 340 + 3012 / 5.0, 1e-6);  // band VIII has an offset of 340 MHz
  EXPECT_NEAR(*downlink_mhz(kLte, 1'750), 1860, 1e-6);
  EXPECT_EQ(uplink_channel(kLte, 1'750), 19'750u);
  EXPECT_EQ(uplink_channel(kLte, 38'000), 38'000u);  // TDD
  EXPECT_NEAR(*downlink_mhz(kGsm, 62), 947.4, 1e-6);
  EXPECT_FALSE(downlink_mhz(kLte, 65'535));
}

TEST(Bands, WhenTwoBandsOverlap_ThenAChannelIsInBoth) {
  EXPECT_TRUE(in_bands(kUmts, 4'400, {"V"}));
  EXPECT_TRUE(in_bands(kUmts, 4'400, {"VI"}));
  EXPECT_FALSE(in_bands(kUmts, 4'400, {"I", "VIII"}));
  EXPECT_TRUE(in_bands(kUmts, 4'400, {}));
  EXPECT_EQ(band_name(kLte, 3'000), "7");
}

TEST(Bands, WhenCarriersAreCloserThanTheirWidth_ThenTheyOverlap) {
  EXPECT_TRUE(overlap(kUmts, 10'562, 10'586));
  EXPECT_FALSE(overlap(kUmts, 10'562, 10'587));
  EXPECT_TRUE(overlap(kLte, 1'750, 1'849));
  EXPECT_FALSE(overlap(kLte, 1'750, 1'850));
  EXPECT_FALSE(overlap(kLte, 599, 600));  // neighbours by number, not by frequency
}

}  // namespace
}  // namespace hnbemu::radio
