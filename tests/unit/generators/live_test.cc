#include "generators/live.h"

#include <gmock/gmock.h>

#include "unit/generators/live_device.h"

namespace hnbemu::generators {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What changed, "path=value", in its order.
std::vector<std::string> record(LiveDevice& device, std::vector<std::string>& changes) {
  device.model.observe([&](std::span<const datamodel::Change> some) {
    for (const auto& change : some) changes.push_back(change.path.substr(7) + "=" + change.value);
  });
  return changes;
}

TEST(Live, WhenGeneratorHasASchedule_ThenChangesAreNotifiedWhenTheyAreDue) {
  LiveDevice device("generators: {Device.S: {sequence: {values: [a, b, b, c], every_s: 10}}}");
  EXPECT_EQ(device.model.value("Device.S"), "a");
  EXPECT_EQ(device.live.next_due(), Deadline{} + Seconds(10));
  std::vector<std::string> changes;
  record(device, changes);
  device.pass_until(Seconds(9));
  EXPECT_THAT(changes, IsEmpty());
  device.pass_until(Seconds(40));
  EXPECT_THAT(changes, ElementsAre("S=b", "S=c", "S=a"));
}

TEST(Live, WhenGeneratorHasNoSchedule_ThenNothingIsDueAndNobodyIsNotified) {
  LiveDevice device("generators: {Device.U: uptime}");
  std::vector<std::string> changes;
  record(device, changes);
  EXPECT_EQ(device.live.next_due(), Deadline::max());
  EXPECT_EQ(device.at("Device.U", hours(1)), "3600");
  EXPECT_THAT(changes, IsEmpty());
}

TEST(Live, WhenDeviceSleptForDays_ThenWhatWasMissedIsDoneOnce) {
  LiveDevice device(
      "generators: {Device.U: {uptime: {every_s: 1}}, Device.I: {random_walk: {start: 0, step: 1, min: 0, max: 9, "
      "every_s: 1}}}");
  std::vector<std::string> changes;
  record(device, changes);
  device.now += hours(24 * 30) + Millis(500);
  device.live.run_due();
  EXPECT_LE(changes.size(), 2U);
  EXPECT_EQ(device.model.value("Device.U"), "2592000");
  EXPECT_EQ(device.live.next_due(), Deadline{} + hours(24 * 30) + Seconds(1));
}

TEST(Live, WhenMoreIsDueThanMayFireAtATime_ThenTheRestIsDueStill) {
  std::vector<std::pair<std::string, std::string>> definitions;
  std::string yaml = "generators:\n";
  for (int i = 0; i < 100; ++i) {
    definitions.emplace_back(fmt::format("Device.P{}", i), "unsignedInt ro");
    yaml += fmt::format("  Device.P{}: {{uptime: {{every_s: 5}}}}\n", i);
  }
  LiveDevice device(yaml, 1, {}, model_of(definitions));
  std::vector<std::string> changes;
  record(device, changes);
  device.now += Seconds(5);
  device.live.run_due();
  EXPECT_EQ(changes.size(), Live::kMaxFirings);
  EXPECT_LE(device.live.next_due(), device.now);
  device.live.run_due();
  EXPECT_EQ(changes.size(), 100U);
  EXPECT_GT(device.live.next_due(), device.now);
}

TEST(Live, WhenLinkedParameterBecomesTheValue_ThenTheOtherFollowsAfterItsTime) {
  LiveDevice device(
      "links: [{when: Device.B, is: 1, set: Device.C, to: true, after_s: 30}, {when: Device.B, is: false, set: "
      "Device.C, to: 0}]");
  device.pass_until(Seconds(1));
  bool sooner = false;
  device.live.on_sooner([&] { sooner = true; });
  device.model.update("Device.B", "1");
  EXPECT_TRUE(sooner);
  EXPECT_EQ(device.at("Device.C", Seconds(30)), "false");
  EXPECT_EQ(device.at("Device.C", Seconds(31)), "true");
  device.model.update("Device.B", "0");
  EXPECT_EQ(device.model.value("Device.C"), "true");  // never from inside the change
  EXPECT_EQ(device.at("Device.C", Seconds(32)), "false");
}

TEST(Live, WhenLinkedParameterGoesBackInTime_ThenNothingFollows) {
  LiveDevice device("links: [{when: Device.B, is: 1, set: Device.C, to: 1, after_s: 30}]");
  device.model.update("Device.B", "1");
  device.pass_until(Seconds(29));
  device.model.update("Device.B", "0");
  EXPECT_EQ(device.at("Device.C", Seconds(100)), "false");
}

TEST(Live, WhenConditionHoldsAtPowerUp_ThenItCountsFromThere) {
  LiveDevice device("links: [{when: Device.B, is: 1, set: Device.C, to: 1, after_s: 30}]");
  device.model.update("Device.B", "1");
  device.pass_until(Seconds(20));
  device.live.boot();
  EXPECT_EQ(device.at("Device.C", Seconds(49)), "false");
  EXPECT_EQ(device.at("Device.C", Seconds(50)), "true");
}

TEST(Live, WhenLinksSetOffOneAnotherInACircle_ThenTheyGoRoundAtTheirPace) {
  LiveDevice device(
      "links: [{when: Device.B, is: 1, set: Device.B, to: 0}, {when: Device.B, is: 0, set: Device.B, to: 1}]");
  std::vector<std::string> changes;
  record(device, changes);
  device.pass_until(Seconds(1));
  EXPECT_EQ(changes.size(), 10U);
}

TEST(Live, WhenScheduledGeneratorSetsOffALink_ThenTheLinkFollows) {
  LiveDevice device(
      "generators: {Device.B: {sequence: {values: [false, true], every_s: 10}}}\nlinks: [{when: Device.B, is: true, "
      "set: Device.C, to: 1, after_s: 5}]");
  EXPECT_EQ(device.at("Device.C", Seconds(14)), "false");
  EXPECT_EQ(device.at("Device.C", Seconds(15)), "true");
}

}  // namespace
}  // namespace hnbemu::generators
