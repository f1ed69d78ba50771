#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// The next session fails before the ACS has heard anything; the device then has no power.
void fail_and_lose_power(Device& of, const std::string& event) {
  of.acs->script = {Acs::fail(Cause::network)};
  of.session(event);
  of.lose_power();
  of.acs->forget();
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", FirstContactIsBootstrap, "The first Inform has 0 BOOTSTRAP and 1 BOOT") {
  power_on();
  ASSERT_FALSE(acs->informs().empty());
  EXPECT_THAT(acs->informs()[0].events,
              ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}, cwmp::EventStruct{"1 BOOT", ""}));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", LaterContactIsBoot, "After a power cycle the Inform has 1 BOOT alone") {
  power_on();
  lose_power();
  power_on();
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", BootstrapIsSaidUntilHeard,
            "An undelivered 0 BOOTSTRAP is said after a power cycle, an undelivered 1 BOOT not twice") {
  acs->script = {Acs::fail(Cause::network)};
  power_on();
  lose_power();
  power_on();
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP", "1 BOOT"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", ConnectionRequestIsNotRedelivered,
            "6 CONNECTION REQUEST of a failed session is not said again; the list of events is not empty for it") {
  power_on();
  acs->forget();
  acs->script = {Acs::fail(Cause::network)};
  session();
  run_for(Seconds{12});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), Not(Contains("6 CONNECTION REQUEST")));
  EXPECT_THAT(events(), Not(IsEmpty()));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", PeriodicIsNeverDiscarded,
            "An undelivered 2 PERIODIC is kept over a loss of power") {
  power_on();
  fail_and_lose_power(*this, "2 PERIODIC");
  power_on();
  EXPECT_THAT(events(), ElementsAre("2 PERIODIC", "1 BOOT"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", DiagnosticsGoWithAReboot,
            "An undelivered 8 DIAGNOSTICS COMPLETE is said again until the CPE reboots") {
  power_on();
  acs->script = {Acs::fail(Cause::network), Acs::fail(Cause::network)};
  session("8 DIAGNOSTICS COMPLETE");
  run_for(Seconds{12});
  EXPECT_THAT(events(), ElementsAre("8 DIAGNOSTICS COMPLETE"));
  lose_power();
  power_on();
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", KickedGoesWithAReboot, "An undelivered 5 KICKED is discarded by a reboot") {
  power_on();
  fail_and_lose_power(*this, "5 KICKED");
  power_on();
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", ValueChangeGoesWithItsParameters,
            "An undelivered 4 VALUE CHANGE may be discarded by a reboot, and its parameters with it") {
  power_on();
  notify("Device.Time.NTPServer1", 1);
  const datamodel::Assignment change{"Device.Time.NTPServer1", "ntp.example", ""};
  ASSERT_TRUE(device->model().set({&change, 1}, datamodel::Origin::command));
  fail_and_lose_power(*this, "6 CONNECTION REQUEST");
  power_on();
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
  EXPECT_EQ(informed("Device.Time.NTPServer1"), "(none)");
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", VendorEventsAreKept,
            "An undelivered vendor's event is kept over a loss of power") {
  power_on();
  fail_and_lose_power(*this, "X 02A1B2 ALARM");
  power_on();
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 ALARM", "1 BOOT"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", SingleEventsAreSaidOnce,
            "An event of which there is one at a time is once in the Inform, however often it has occurred") {
  power_on();
  acs->forget();
  for (int i = 0; i < 3; ++i) device->inform("6 CONNECTION REQUEST");
  run_for(Seconds{1});
  EXPECT_THAT(acs->informs().front().events, SizeIs(1));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", EachCommandKeyIsSaid,
            "Two M ScheduleInform that become due before one session are two events and one 3 SCHEDULED") {
  power_on();
  ask(cwmp::ScheduleInform{60, "a"});
  ask(cwmp::ScheduleInform{60, "b"});
  lose_power();
  run_for(std::chrono::minutes(2));
  power_on();
  run_for(kEnough);
  EXPECT_THAT(events(), ElementsAre("3 SCHEDULED", "M ScheduleInform(a)", "M ScheduleInform(b)"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", EventsAreInTheOrderOfTheirOccurrence,
            "A failed session's events come before those that occurred since") {
  power_on();
  acs->script = {Acs::fail(Cause::network)};
  session("X 02A1B2 FIRST");
  session("X 02A1B2 SECOND");
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 FIRST", "X 02A1B2 SECOND"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", BootstrapDiscardsTheOthers,
            "A new ACS hears of no event that the old one has not heard") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(),
                 acs->say(cwmp::SetParameterValues{
                     {{"Device.ManagementServer.URL", "http://other.operator.example/", "xsd:string"}}, ""}),
                 Acs::fail(Cause::network)};
  session("X 02A1B2 ALARM");
  run_for(kEnough);
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP"));
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", WhatWasHeardIsNotSaidAgain,
            "An event that was delivered is in no later Inform") {
  power_on();
  session("X 02A1B2 ALARM");
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Events", "TR-069 A.3.3.1", AnInformHasAtMost64Events, "An Inform has at most 64 events") {
  power_on();
  acs->script.assign(80, Acs::fail(Cause::network));
  for (int i = 0; i < 80; ++i) session(fmt::format("X 02A1B2 EVENT {}", i));
  acs->script.clear();
  session();
  constexpr auto kRoom = 64 - cwmp::EventQueue::kBootEvents;  // some is kept for what a reboot tells
  EXPECT_THAT(acs->informs().back().events, SizeIs(kRoom));
  EXPECT_EQ(events().front(), "X 02A1B2 EVENT 0");
}

HNBEMU_RULE("Events", "TR-069 A.3.3.1", OnlyMethodsHaveCommandKeys,
            "The CommandKey of an event that no method of the ACS caused is empty") {
  power_on();
  session("2 PERIODIC");
  session();
  for (const auto& inform : acs->informs()) {
    EXPECT_THAT(inform.events, Each(testing::Field(&cwmp::EventStruct::command_key, "")));
  }
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", AnEventWithoutItsCallEndsWithItsSession,
            "An event that is told by a call of its own, with nothing to call for, is said until a session ends well") {
  power_on();
  for (const auto* const code :
       {"7 TRANSFER COMPLETE", "9 REQUEST DOWNLOAD", "10 AUTONOMOUS TRANSFER COMPLETE", "11 DU STATE CHANGE COMPLETE",
        "12 AUTONOMOUS DU STATE CHANGE COMPLETE", "M Download", "M ChangeDUState"}) {
    acs->script = {Acs::fail(Cause::network)};
    session(code);
    run_for(Seconds{30});
    EXPECT_EQ(events(), std::vector<std::string>{code});
    session();
    EXPECT_EQ(events(), std::vector<std::string>{"6 CONNECTION REQUEST"}) << code;
  }
}

HNBEMU_RULE("Events", "TR-069 3.7.1.5", EveryEventIsSaid,
            "Each event code of the standard and a vendor's is said in an Inform of its own session, once") {
  power_on();
  for (const auto* const code : {"2 PERIODIC", "3 SCHEDULED", "4 VALUE CHANGE", "6 CONNECTION REQUEST",
                                 "8 DIAGNOSTICS COMPLETE", "13 WAKEUP", "14 HEARTBEAT", "X 02A1B2 mine", "M X_mine"}) {
    acs->forget();
    session(code);
    EXPECT_EQ(events(), std::vector<std::string>{code});
    EXPECT_EQ(acs->informs().size(), 1u) << code;
  }
}

}  // namespace
}  // namespace hnbemu::conformance
