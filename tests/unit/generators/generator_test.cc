#include "generators/generator.h"

#include <gmock/gmock.h>

#include <set>

#include "unit/generators/live_device.h"

namespace hnbemu::generators {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kUptime =
    "generators: {Device.U: uptime, Device.S: {uptime: '{d}d {h}h {m}m {s}s {hh}:{mm}:{ss}'}}";
constexpr const char* kWalk =
    "generators: {Device.I: {random_walk: {start: 40, step: 5, min: -20, max: 60, period_s: 1}}}";
constexpr const char* kCounter = "generators: {Device.U: {counter: {rate_per_s: 12.5, jitter: 1}}}";

TEST(Generator, WhenDeviceIsUp_ThenUptimeIsSecondsOrText) {
  LiveDevice device(kUptime);
  EXPECT_EQ(device.at("Device.U", Seconds(0)), "0");
  EXPECT_EQ(device.at("Device.U", Millis(123'999)), "123");
  EXPECT_EQ(device.at("Device.S", Seconds(123)), "0d 0h 2m 3s 00:02:03");
  EXPECT_EQ(device.at("Device.S", hours(49) + Seconds(1)), "2d 1h 0m 1s 01:00:01");
}

TEST(Generator, WhenDeviceReboots_ThenUptimeAndCountersBeginAgain) {
  LiveDevice device("generators: {Device.U: uptime, Device.L: {counter: 10}}");
  EXPECT_EQ(device.at("Device.U", Seconds(500)), "500");
  EXPECT_EQ(device.at("Device.L", Seconds(500)), "5000");
  device.live.boot();
  EXPECT_EQ(device.at("Device.U", Seconds(500)), "0");
  EXPECT_EQ(device.at("Device.L", Seconds(503)), "30");
}

TEST(Generator, WhenConstantOrTemplate_ThenDeviceFieldsAreFilledIn) {
  Facts facts;
  facts.outer_address = *IpAddress::parse("100.64.0.1");
  LiveDevice device(
      "generators: {Device.S: {template: '{serial}/{index}/{outer_address}/{tunnel_state}'}, Device.U: {constant: 5}}",
      1, facts);
  EXPECT_EQ(device.at("Device.S", Seconds(1)), "S1/7/100.64.0.1/Down");
  EXPECT_EQ(device.at("Device.U", Seconds(1)), "5");
}

TEST(Generator, WhenSequenceIsOver_ThenItRepeatsOrStays) {
  LiveDevice device(
      "generators: {Device.S: {sequence: {values: [a, b, c], period_s: 10}}, Device.U: {sequence: {values: [1, 2], "
      "period_s: 10, repeat: false}}}");
  EXPECT_EQ(device.at("Device.S", Seconds(9)), "a");
  EXPECT_EQ(device.at("Device.S", Seconds(25)), "c");
  EXPECT_EQ(device.at("Device.S", Seconds(31)), "a");
  EXPECT_EQ(device.at("Device.U", hours(1)), "2");
}

TEST(Generator, WhenClockIsNotSynchronised_ThenItBeganIn1970) {
  bool synchronised = false;
  Facts facts;
  facts.time_synchronised = [&] { return synchronised; };
  LiveDevice device("generators: {Device.T: {clock: {unsynchronised_until_s: 100}}, Device.S: clock}", 1, facts);
  EXPECT_EQ(device.at("Device.T", Millis(30'500)), "1970-01-01T00:00:30Z");
  EXPECT_EQ(device.at("Device.S", Millis(30'500)), "2026-01-01T00:00:30Z");
  synchronised = true;
  EXPECT_EQ(device.at("Device.T", Seconds(31)), "2026-01-01T00:00:31Z");
  synchronised = false;
  EXPECT_EQ(device.at("Device.T", Seconds(101)), "2026-01-01T00:01:41Z");
}

TEST(Generator, WhenCounterJitters_ThenItNeverFallsAndKeepsItsRate) {
  LiveDevice device(kCounter);
  std::uint64_t before = 0;
  std::set<std::uint64_t> rates;
  for (int second = 0; second < 10'000; ++second) {
    const auto count = std::stoull(device.at("Device.U", Seconds(second)));
    ASSERT_GE(count, before) << second;
    ASSERT_LE(count - before, 26U) << second;  // no more than twice the rate
    ASSERT_NEAR(static_cast<double>(count), 12.5 * second, 12.5 * 10) << second;
    rates.insert(count - before);
    before = count;
  }
  EXPECT_GT(rates.size(), 10U);
}

TEST(Generator, WhenCounterReachesItsTypesEnd_ThenItWraps) {
  LiveDevice device(
      "generators: {Device.U: {counter: {rate_per_s: 1, start: 4294967290}}, Device.L: {counter: {rate_per_s: 1, "
      "start: 4294967290}}, Device.I: {counter: {rate_per_s: 1, start: 2147483640}}}");
  EXPECT_EQ(device.at("Device.U", Seconds(5)), "4294967295");
  EXPECT_EQ(device.at("Device.U", Seconds(10)), "4");
  EXPECT_EQ(device.at("Device.L", Seconds(10)), "4294967300");
  EXPECT_EQ(device.at("Device.I", Seconds(10)), "2");
}

TEST(Generator, WhenWalkIsReadTenThousandTimes_ThenItStaysInItsBoundsAndStepsAreSmall) {
  LiveDevice device(kWalk);
  int before = 40;
  std::set<int> seen;
  for (int second = 0; second < 10'000; ++second) {
    const int value = std::stoi(device.at("Device.I", Seconds(second)));
    ASSERT_GE(value, -20);
    ASSERT_LE(value, 60);
    ASSERT_LE(std::abs(value - before), 6) << second;  // a step, and the rounding
    before = value;
    seen.insert(value);
  }
  EXPECT_GT(seen.size(), 60U);
}

TEST(Generator, WhenValuesAreReadAtOtherTimes_ThenTheyAreTheSame) {
  const std::string both =
      "generators: {Device.I: {random_walk: {start: 40, step: 5, min: -20, max: 60, period_s: 1}}, "
      "Device.U: {counter: {rate_per_s: 3, jitter: 0.5}}}";
  LiveDevice often(both);
  LiveDevice once(both);
  for (int second = 0; second < 5'000; ++second) often.at("Device.I", Seconds(second));
  for (const auto* path : {"Device.I", "Device.U"}) {
    EXPECT_EQ(often.at(path, Seconds(5'000)), once.at(path, Seconds(5'000)));
    EXPECT_EQ(often.at(path, hours(24 * 400)), once.at(path, hours(24 * 400)));
  }
}

TEST(Generator, WhenSeedIsTheSame_ThenValuesAre_AndElseNot) {
  LiveDevice device(kWalk, 1);
  LiveDevice twin(kWalk, 1);
  LiveDevice other(kWalk, 2);
  unsigned different = 0;
  for (int second = 0; second < 1'000; ++second) {
    const auto value = device.at("Device.I", Seconds(second));
    ASSERT_EQ(value, twin.at("Device.I", Seconds(second)));
    if (value != other.at("Device.I", Seconds(second))) ++different;
  }
  EXPECT_GT(different, 900U);
}

TEST(Generator, WhenDayPasses_ThenDiurnalPeaksAtItsHour) {
  LiveDevice device(
      "generators: {Device.U: {diurnal: {low: 10, high: 110, peak_hour: 20}}, Device.I: {diurnal: {low: 0, high: 100, "
      "peak_hour: 20, noise: 0.5}}}");
  EXPECT_EQ(device.at("Device.U", hours(8)), "10");
  EXPECT_EQ(device.at("Device.U", hours(14)), "60");
  EXPECT_EQ(device.at("Device.U", hours(20)), "110");
  EXPECT_EQ(device.at("Device.U", hours(32)), "10");
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const auto text = device.at("Device.I", hours(32) + minutes(i));
    ASSERT_GE(std::stoi(text), 0);
    ASSERT_LE(std::stoi(text), 100);
    seen.insert(text);
  }
  EXPECT_GT(seen.size(), 90U);
}

TEST(Generator, WhenChoiceIsDrawn_ThenWeightsCountAndItDwells) {
  LiveDevice device("generators: {Device.S: {choice: {values: {Up: 9, Down: 1, Never: 0}, period_s: 60}}}");
  std::map<std::string, int> drawn;
  for (int i = 0; i < 10'000; ++i) {
    const auto value = device.at("Device.S", minutes(i));
    ++drawn[value];
    if (i < 100) {
      ASSERT_EQ(device.at("Device.S", minutes(i) + Seconds(59)), value);
    }
  }
  EXPECT_EQ(drawn.size(), 2U);
  EXPECT_NEAR(drawn["Up"], 9'000, 200);
}

TEST(Generator, WhenFactsAreThere_ThenRealValuesShowThem) {
  Facts facts;
  Traffic traffic;
  facts.outer_traffic = [&] { return traffic; };
  facts.memory_kib = [] { return 5'120; };
  LiveDevice device(
      "generators: {Device.L: {real: outer_bytes_sent}, Device.U: {real: memory_kib}, Device.S: {real: inner_address}, "
      "Device.I: {real: inner_packets_received}, Device.C32: {real: outer_bytes_sent}}",
      1, facts);
  EXPECT_EQ(device.at("Device.L", Seconds(1)), "0");
  traffic.bytes_sent = 5'000'000'000;
  EXPECT_EQ(device.at("Device.L", Seconds(1)), "5000000000");
  EXPECT_EQ(device.at("Device.C32", Seconds(1)), "705032704");  // wrapped
  EXPECT_EQ(device.at("Device.U", Seconds(1)), "5120");
  EXPECT_EQ(device.at("Device.S", Seconds(1)), "");
  IkeSa sa;
  sa.name = "serving";
  sa.inner = *IpAddress::parse("10.128.0.9");
  sa.children = {{1, 2, {}, {10, 20, 3, 4}}};
  device.live.show_tunnels({sa});
  EXPECT_EQ(device.at("Device.S", Seconds(1)), "10.128.0.9");
  EXPECT_EQ(device.at("Device.I", Seconds(1)), "4");
  LiveDevice without("generators: {Device.L: {real: outer_bytes_sent}, Device.U: {real: memory_kib}}");
  EXPECT_EQ(without.at("Device.L", Seconds(1)), "0");
  EXPECT_EQ(without.at("Device.U", Seconds(1)), "0");
}

}  // namespace
}  // namespace hnbemu::generators
