#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using device::State;
using testing::ElementsAre;
using testing::IsEmpty;

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", FactoryResetForgetsAndBootstraps,
            "FactoryReset: all that was set is forgotten, and the CPE bootstraps again") {
  power_on();
  set(kServer1, "ntp.example");
  notify(kServer1, 2);
  acs->forget();
  EXPECT_EQ(fault_code(cwmp::FactoryReset{}), 0);
  EXPECT_EQ(value(kServer1), "");
  run_for(profile.boot_time + kEnough);
  ASSERT_GT(acs->informs().size(), 1u);
  EXPECT_THAT(acs->informs()[1].events,
              ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}, cwmp::EventStruct{"1 BOOT", ""}));
  EXPECT_EQ(value("Device.DeviceInfo.SerialNumber"), "HENB000001");
  lose_power();
  EXPECT_EQ(value(kServer1), "");
}

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", FactoryResetWaitsForAGoodEnd,
            "FactoryReset is not done if the session fails") {
  power_on();
  set(kServer1, "ntp.example");
  acs->script = {Acs::pass(), acs->say(cwmp::FactoryReset{}), Acs::fail(Cause::network)};
  session();
  EXPECT_EQ(value(kServer1), "ntp.example");
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

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", TheFactorysAcsIsTheAcsAgain,
            "After FactoryReset the CPE goes to the ACS that it left the factory with") {
  power_on();
  set("Device.ManagementServer.URL", "http://other.operator.example/");
  run_for(kEnough);
  ask(cwmp::FactoryReset{});
  acs->forget();
  run_for(profile.boot_time + kEnough);
  EXPECT_EQ(acs->messages.front().request.url.host, "acs.operator.example");
}

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", RowsAndAttributesAreTheFactorys,
            "FactoryReset takes back objects that were added, attributes, and the ParameterKey") {
  power_on();
  ask(cwmp::AddObject{"Device.DNS.Client.Server.", "key"});
  ask(cwmp::DeleteObject{"Device.FAP.PerfMgmt.Config.1.", "key"});
  notify(kServer1, 1);
  ask(cwmp::FactoryReset{});
  run_for(profile.boot_time + kEnough);
  EXPECT_EQ(value("Device.DNS.Client.ServerNumberOfEntries"), "0");
  EXPECT_EQ(value("Device.FAP.PerfMgmt.ConfigNumberOfEntries"), "1");
  EXPECT_EQ(device->model().notification(kServer1), 0u);
  EXPECT_EQ(value("Device.ManagementServer.ParameterKey"), "");
}

HNBEMU_RULE("Factory reset", "TR-069 A.4.1.4", WhatWasScheduledIsForgotten,
            "FactoryReset takes back each ScheduleInform") {
  power_on();
  ask(cwmp::ScheduleInform{60, "key"});
  ask(cwmp::FactoryReset{});
  run_for(profile.boot_time + kEnough);
  acs->forget();
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(acs->informs(), IsEmpty());
}

HNBEMU_RULE("Factory reset", "TR-069 3.7.1.5", ItsEventsGoToo,
            "Events that were not delivered before a factory reset are not told after it") {
  power_on();
  acs->script = {Acs::fail(Cause::network)};
  session("X 02A1B2 ALARM");
  device->factory_reset();
  run_for(profile.boot_time + kEnough);
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP", "1 BOOT"));
}

}  // namespace
}  // namespace hnbemu::conformance
