#include <algorithm>

#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// The ACS's, in one session.
void set_periodic(Device& of, const std::string& interval, const std::string& time = "0001-01-01T00:00:00Z",
                  bool enable = true) {
  const std::string server = "Device.ManagementServer.";
  EXPECT_EQ(
      of.fault_code(cwmp::SetParameterValues{{{server + "PeriodicInformEnable", enable ? "1" : "0", "xsd:boolean"},
                                              {server + "PeriodicInformInterval", interval, "xsd:unsignedInt"},
                                              {server + "PeriodicInformTime", time, "xsd:dateTime"}},
                                             ""}),
      0);
  of.acs->forget();
}

// In seconds of the minute, by each Inform's own CurrentTime.
std::vector<std::int64_t> seconds_of(const Acs& acs) {
  std::vector<std::int64_t> all;
  for (const auto& inform : acs.informs()) {
    const auto time = parse_date_time(inform.current_time).value_or(WallTime{});
    all.push_back(std::chrono::floor<Seconds>(time).time_since_epoch().count() % 60);
  }
  return all;
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformInterval", AnInformAtEachInterval,
            "An Inform with 2 PERIODIC comes at each PeriodicInformInterval") {
  power_on();
  set_periodic(*this, "600");
  run_for(hours(1) + minutes(1));
  EXPECT_THAT(acs->informs(), SizeIs(6));
  EXPECT_THAT(events(), ElementsAre("2 PERIODIC"));
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformTime", ThePhaseIsTheTimes,
            "Periodic Informs come at PeriodicInformTime plus or minus whole intervals, be it past or far away") {
  power_on();
  for (const auto* const time : {"2025-12-31T23:59:17Z", "2026-01-01T05:00:17Z", "2199-07-01T00:00:17Z"}) {
    set_periodic(*this, "60", time);
    run_for(minutes(5));
    EXPECT_THAT(acs->informs(), SizeIs(5)) << time;
    EXPECT_THAT(seconds_of(*acs), Each(17)) << time;
  }
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformInterval", AChangedIntervalCountsAfterTheSession,
            "An interval that is changed in a session counts from its end") {
  power_on();
  set_periodic(*this, "86400");
  run_for(minutes(30));
  set_periodic(*this, "60");
  run_for(Seconds{65});
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformEnable", DisabledThereIsNone,
            "With PeriodicInformEnable false there is no periodic Inform; with true there is again") {
  power_on();
  set_periodic(*this, "60", "0001-01-01T00:00:00Z", false);
  run_for(hours(48));
  EXPECT_THAT(acs->informs(), IsEmpty());
  set_periodic(*this, "60");
  run_for(Seconds{65});
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformInterval", FiveSecondsAreAnInterval,
            "An interval of 5 s is kept to") {
  power_on();
  set_periodic(*this, "5");
  run_for(minutes(2));
  EXPECT_THAT(acs->informs().size(), testing::AllOf(testing::Ge(23u), testing::Le(24u)));
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformInterval", ZeroIsNoInterval, "An interval of 0 is fault 9007") {
  power_on();
  const auto refused =
      fault(cwmp::SetParameterValues{{{"Device.ManagementServer.PeriodicInformInterval", "0", "xsd:unsignedInt"}}, ""});
  EXPECT_EQ(refused.set_parameter_values_faults.at(0).code, 9007);
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformTime", OtherSessionsDoNotPostponeIt,
            "Without a PeriodicInformTime too, sessions between do not postpone the periodic Inform") {
  power_on();
  set_periodic(*this, "60");
  for (int i = 0; i < 30; ++i) {
    session();
    run_for(Seconds{9});
  }
  run_for(Seconds{1});
  std::size_t periodic = 0;
  for (const auto& inform : acs->informs()) periodic += inform.events.front().event_code == "2 PERIODIC" ? 1 : 0;
  EXPECT_EQ(periodic, 5u);
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformTime", FailedSessionsDoNotPostponeIt,
            "A periodic Inform comes at its time although a session failed before it") {
  power_on();
  set_periodic(*this, "60", "2026-01-01T00:00:30Z");
  acs->script = {Acs::fail(Cause::network)};
  run_for(minutes(3));
  EXPECT_THAT(acs->informs(), SizeIs(4));  // three, and the retry of the first
  EXPECT_EQ(std::ranges::count(seconds_of(*acs), 30), 3);
}

HNBEMU_RULE("Periodic Inform", "TR-069 3.7.1.5", MissedOnesAreOne,
            "Periodic Informs that were missed while the ACS was away are one event") {
  power_on();
  set_periodic(*this, "60");
  acs->script.assign(6, Acs::fail(Cause::timeout));
  run_for(minutes(30));
  EXPECT_GT(acs->informs().size(), 6u);
  for (const auto& inform : acs->informs()) {
    EXPECT_THAT(inform.events, ElementsAre(cwmp::EventStruct{"2 PERIODIC", ""}));
  }
}

HNBEMU_RULE("Periodic Inform", "TR-069 PeriodicInformTime", ItIsKeptWithoutPower,
            "Interval and phase are kept over a loss of power") {
  power_on();
  set_periodic(*this, "60", "2026-01-01T00:00:42Z");
  lose_power();
  power_on();
  acs->forget();
  run_for(minutes(3));
  EXPECT_THAT(seconds_of(*acs), ElementsAre(42, 42, 42));
}

}  // namespace
}  // namespace hnbemu::conformance
