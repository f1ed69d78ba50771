#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using device::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

HNBEMU_RULE("Events", "TR-069 3.7.1.5", FirstContactIsBootstrap, "The first Inform has 0 BOOTSTRAP and 1 BOOT") {
  power_on();
  ASSERT_FALSE(acs->informs().empty());
  EXPECT_THAT(acs->informs()[0].events,
              ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}, cwmp::EventStruct{"1 BOOT", ""}));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", ScheduledInformComesAfterItsDelay,
            "ScheduleInform: after DelaySeconds an Inform with 3 SCHEDULED and M ScheduleInform with the CommandKey") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::ScheduleInform{60, "later"}), 0);
  acs->forget();
  run_for(Seconds{58});
  EXPECT_THAT(acs->informs(), IsEmpty());
  run_for(Seconds{3});
  EXPECT_THAT(events(), ElementsAre("3 SCHEDULED", "M ScheduleInform(later)"));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", EachScheduledInformComes, "Two ScheduleInforms are two Informs") {
  power_on();
  ask(cwmp::ScheduleInform{60, "second"});
  ask(cwmp::ScheduleInform{30, "first"});
  acs->forget();
  run_for(Seconds{61});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(acs->informs()[0].events.back().command_key, "first");
  EXPECT_EQ(acs->informs()[1].events.back().command_key, "second");
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", ScheduledInformSurvivesPowerLoss,
            "A ScheduleInform that was acknowledged is kept over a loss of power") {
  power_on();
  ask(cwmp::ScheduleInform{600, "kept"});
  lose_power();
  power_on();
  run_for(Seconds{600});
  EXPECT_THAT(events(), ElementsAre("3 SCHEDULED", "M ScheduleInform(kept)"));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", NoDelayIsAnInvalidArgument, "DelaySeconds 0 is fault 9003") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::ScheduleInform{0, ""}), 9003);
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.5.1", TooManyScheduledInformsAreRefused,
            "More ScheduleInforms than the CPE keeps are fault 9004") {
  power_on();
  for (std::size_t i = 0; i < cwmp::kMaxScheduledInforms; ++i) acs->requests.push_back(cwmp::ScheduleInform{600, ""});
  session();
  EXPECT_EQ(fault_code(cwmp::ScheduleInform{600, ""}), 9004);
}

HNBEMU_RULE("Reboot", "TR-069 A.3.2.9", RebootComesAfterTheSession,
            "The CPE reboots after the session has ended well, then informs with 1 BOOT and M Reboot") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::Reboot{"key"}), 0);
  EXPECT_EQ(device->status().state, State::rebooting);
  run_for(profile.boot_time + kEnough);
  bool seen = false;
  for (const auto& inform : acs->informs()) {
    seen = seen || inform.events == std::vector<cwmp::EventStruct>{{"1 BOOT", ""}, {"M Reboot", "key"}};
  }
  EXPECT_TRUE(seen);
}

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", FactoryResetForgetsAndBootstraps,
            "FactoryReset: all that was set is forgotten, and the CPE bootstraps again") {
  power_on();
  set("Device.Time.NTPServer1", "ntp.example");
  notify("Device.Time.NTPServer1", 2);
  acs->forget();
  EXPECT_EQ(fault_code(cwmp::FactoryReset{}), 0);
  EXPECT_EQ(value("Device.Time.NTPServer1"), "");
  run_for(profile.boot_time + kEnough);
  ASSERT_GT(acs->informs().size(), 1u);
  EXPECT_THAT(acs->informs()[1].events,
              ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}, cwmp::EventStruct{"1 BOOT", ""}));
  EXPECT_EQ(value("Device.DeviceInfo.SerialNumber"), "HENB000001");
  lose_power();
  EXPECT_EQ(value("Device.Time.NTPServer1"), "");
}

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", FactoryResetWaitsForAGoodEnd,
            "FactoryReset is not done if the session fails") {
  power_on();
  set("Device.Time.NTPServer1", "ntp.example");
  acs->script = {Acs::pass(), acs->say(cwmp::FactoryReset{}), Acs::fail(Cause::network)};
  session();
  EXPECT_EQ(value("Device.Time.NTPServer1"), "ntp.example");
  EXPECT_EQ(device->status().state, State::registered);
}

HNBEMU_RULE("Factory reset", "TS 32.593 5.4", SilentAfterDeregistration,
            "By profile option a HeNB that was reset stays away from its operator until it is allowed") {
  profile.quirks.silent_after_deregistration = true;
  make_device();
  power_on();
  ask(cwmp::FactoryReset{});
  acs->forget();
  run_for(std::chrono::hours(1));
  EXPECT_EQ(device->status().state, State::silent);
  lose_power();
  power_on();
  EXPECT_EQ(device->status().state, State::silent);
  EXPECT_THAT(acs->messages, IsEmpty());
  device->allow();
  run_for(kEnough);
  EXPECT_FALSE(acs->informs().empty());
}

HNBEMU_RULE("Periodic Inform", "TR-069 HeartbeatPolicy", HeartbeatInformsAtItsInterval,
            "HeartbeatPolicy enabled: 14 HEARTBEAT at each ReportingInterval") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.PeriodicInformEnable", "0", "xsd:boolean"},
                                {"Device.ManagementServer.HeartbeatPolicy.ReportingInterval", "60", "xsd:unsignedInt"},
                                {"Device.ManagementServer.HeartbeatPolicy.Enable", "1", "xsd:boolean"}},
                               ""});
  acs->forget();
  run_for(std::chrono::minutes(10));
  EXPECT_THAT(acs->informs(), SizeIs(10));
  EXPECT_THAT(events(), ElementsAre("14 HEARTBEAT"));
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", AddedObjectIsThere,
            "AddObject answers with a new instance number, under which the object is found") {
  power_on();
  const auto answer = ask(cwmp::AddObject{"Device.DNS.Client.Server.", "k"});
  const auto instance = std::get<cwmp::AddObjectResponse>(answer).instance_number;
  EXPECT_NE(value(fmt::format("Device.DNS.Client.Server.{}.DNSServer", instance)), "(none)");
  EXPECT_EQ(value("Device.ManagementServer.ParameterKey"), "k");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.7", DeletedObjectIsGone, "DeleteObject removes the object and all below") {
  power_on();
  const auto added = ask(cwmp::AddObject{"Device.DNS.Client.Server.", ""});
  const auto path =
      fmt::format("Device.DNS.Client.Server.{}.", std::get<cwmp::AddObjectResponse>(added).instance_number);
  EXPECT_EQ(fault_code(cwmp::DeleteObject{path, "gone"}), 0);
  EXPECT_EQ(fault_code(cwmp::GetParameterValues{{path}}), 9005);
  EXPECT_EQ(value("Device.ManagementServer.ParameterKey"), "gone");
}

}  // namespace
}  // namespace hnbemu::conformance
