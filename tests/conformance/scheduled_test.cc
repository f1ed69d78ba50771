#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

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
            "More ScheduleInforms than the CPE keeps are fault 9004, Server; when one is done there is room again") {
  power_on();
  acs->requests.assign(cwmp::kMaxScheduledInforms, cwmp::ScheduleInform{600, ""});
  session();
  const auto refused = fault(cwmp::ScheduleInform{600, ""});
  EXPECT_EQ(refused.code, 9004);
  EXPECT_EQ(refused.soap_code, "Server");
  run_for(Seconds{601});
  EXPECT_EQ(fault_code(cwmp::ScheduleInform{600, ""}), 0);
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", TheDelayBeginsWithTheCall,
            "DelaySeconds count from the method, not from the end of the session") {
  power_on();
  acs->requests = {cwmp::ScheduleInform{1, "key"}};
  acs->requests.resize(150, cwmp::GetRpcMethods{});  // of 10 ms each
  acs->forget();
  device->inform("6 CONNECTION REQUEST");
  run_for(Millis{1600});
  EXPECT_THAT(events(), ElementsAre("3 SCHEDULED", "M ScheduleInform(key)"));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", ItSurvivesAReboot,
            "A ScheduleInform is done although the CPE rebooted since") {
  power_on();
  ask(cwmp::ScheduleInform{120, "key"});
  ask(cwmp::Reboot{""});
  run_for(Seconds{125});
  EXPECT_THAT(events(), ElementsAre("3 SCHEDULED", "M ScheduleInform(key)"));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", WhatWasDueWithoutPowerComesAtOnce,
            "A ScheduleInform that became due without power is done as soon as there is power") {
  power_on();
  ask(cwmp::ScheduleInform{30, "key"});
  lose_power();
  run_for(std::chrono::hours(1));
  acs->forget();
  power_on();
  EXPECT_THAT(events(), Contains("M ScheduleInform(key)"));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 3.7.1.5", ScheduledIsNeverDiscarded,
            "An undelivered 3 SCHEDULED and its M ScheduleInform are kept over a loss of power") {
  power_on();
  ask(cwmp::ScheduleInform{30, "key"});
  acs->forget();
  for (int i = 0; i < 10'000 && acs->messages.empty(); ++i) run_for(Millis{5});
  lose_power();  // before the ACS has answered the Inform
  power_on();
  EXPECT_THAT(events(), ElementsAre("3 SCHEDULED", "M ScheduleInform(key)", "1 BOOT"));
}

HNBEMU_RULE("Scheduled RPCs", "TR-069 A.4.1.2", AFailedSessionKeepsWhatWasAcknowledged,
            "A ScheduleInform that was acknowledged is done although its session failed") {
  power_on();
  acs->script = {Acs::pass(), acs->say(cwmp::ScheduleInform{60, "key"}), Acs::fail(Cause::network)};
  session();
  run_for(Seconds{62});
  EXPECT_THAT(events(), Contains("M ScheduleInform(key)"));
}

}  // namespace
}  // namespace hnbemu::conformance
