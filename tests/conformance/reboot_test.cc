#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using device::State;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::SizeIs;

// The events of the Informs since, one list each.
std::vector<std::vector<std::string>> after_reboot(Device& device) {
  device.acs->forget();
  device.run_for(device.profile.boot_time + kEnough);
  std::vector<std::vector<std::string>> all;
  for (const auto& inform : device.acs->informs()) {
    auto& codes = all.emplace_back();
    for (const auto& event : inform.events) codes.push_back(fmt::format("{}|{}", event.event_code, event.command_key));
  }
  return all;
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", RebootComesAfterTheSession,
            "The CPE reboots after the session has ended well, then informs with 1 BOOT and M Reboot") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::Reboot{"key"}), 0);
  EXPECT_EQ(device->status().state, State::rebooting);
  EXPECT_THAT(after_reboot(*this), ElementsAre(ElementsAre("1 BOOT|", "M Reboot|key")));
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", TheSessionGoesOnAfterTheResponse,
            "What the ACS asks after Reboot in the session is answered before the CPE reboots") {
  power_on();
  acs->forget();
  acs->requests = {cwmp::Reboot{"key"}, cwmp::GetRpcMethods{}};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "RebootResponse", "GetRPCMethodsResponse"));
  EXPECT_EQ(device->status().state, State::rebooting);
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", AnEmptyCommandKeyIsTold, "M Reboot is told with an empty CommandKey too") {
  power_on();
  ask(cwmp::Reboot{""});
  EXPECT_THAT(after_reboot(*this), ElementsAre(ElementsAre("1 BOOT|", "M Reboot|")));
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", SeveralRebootsAreOne,
            "Several Reboots in one session are one reboot, with an M Reboot for each") {
  power_on();
  acs->requests = {cwmp::Reboot{"a"}, cwmp::Reboot{"b"}};
  session();
  EXPECT_THAT(after_reboot(*this), ElementsAre(ElementsAre("1 BOOT|", "M Reboot|a", "M Reboot|b")));
}

HNBEMU_RULE("Reboot", "TR-069 A.5.1", RebootsAreBounded,
            "More Reboots in one session than the CPE keeps are fault 9004") {
  power_on();
  acs->requests.assign(cwmp::kMaxReboots, cwmp::Reboot{"key"});
  acs->requests.push_back(cwmp::Reboot{"last"});
  session();
  const auto answers = acs->answers();
  ASSERT_TRUE(std::holds_alternative<cwmp::Fault>(answers.back()));
  EXPECT_EQ(std::get<cwmp::Fault>(answers.back()).code, 9004);
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", RebootWaitsForAGoodEnd,
            "There is no reboot, and no M Reboot, if the session fails") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), acs->say(cwmp::Reboot{"key"}), Acs::fail(Cause::network)};
  session();
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), Not(Contains("M Reboot(key)")));
  EXPECT_THAT(events(), Not(Contains("1 BOOT")));
}

HNBEMU_RULE("Reboot", "TR-069 3.7.1.5", MRebootIsKeptUntilHeard,
            "An M Reboot that the ACS has not heard is told after a loss of power, and once") {
  power_on();
  ask(cwmp::Reboot{"key"});
  lose_power();
  acs->script = {Acs::fail(Cause::network)};
  power_on();
  lose_power();
  power_on();
  EXPECT_THAT(events(), testing::UnorderedElementsAre("M Reboot(key)", "1 BOOT"));
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Reboot", "TR-069 3.7.1.5", ABootOfItsOwnHasNoMethod,
            "A reboot that the ACS has not asked for is 1 BOOT alone") {
  power_on();
  device->reboot();
  run_for(Millis{1});
  EXPECT_THAT(after_reboot(*this), ElementsAre(ElementsAre("1 BOOT|")));
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", RebootKeepsWhatWasSet, "What was set before a reboot is set after it") {
  power_on();
  set("Device.Time.NTPServer1", "ntp.example");
  ask(cwmp::Reboot{""});
  run_for(profile.boot_time + kEnough);
  EXPECT_EQ(value("Device.Time.NTPServer1"), "ntp.example");
}

}  // namespace
}  // namespace hnbemu::conformance
