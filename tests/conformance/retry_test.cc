#include <algorithm>
#include <cmath>

#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using device::State;
using std::chrono::hours;
using testing::ElementsAre;
using testing::SizeIs;

// The nth wait in a row, from 1, is from m·k^(n-1) to m·k^n; from the 10th on the range stays.
void expect_in_table(Deadline::duration wait, unsigned n, double m = 5, double k = 2) {
  const double seconds = std::chrono::duration<double>(wait).count();
  const double least = m * std::pow(k, std::min(n, 10u) - 1.0);
  EXPECT_GE(seconds, least) << "attempt " << n;
  EXPECT_LE(seconds, least * k + 0.1) << "attempt " << n;
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", RetryCountGrowsUntilASuccess,
            "RetryCount is the number of failed attempts; after a success it is 0") {
  power_on();
  acs->forget();
  acs->script = {Acs::fail(Cause::network), Acs::fail(Cause::timeout)};
  session();
  run_for(Seconds{40});
  ASSERT_THAT(acs->informs(), SizeIs(3));
  EXPECT_EQ(acs->informs()[1].retry_count, 1u);
  EXPECT_EQ(acs->informs()[2].retry_count, 2u);
  session();
  EXPECT_EQ(acs->informs()[3].retry_count, 0u);
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", WaitsByTheAcsParameters,
            "The waits follow CWMPRetryMinimumWaitInterval and CWMPRetryIntervalMultiplier as the ACS has set them") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.PeriodicInformEnable", "0", "xsd:boolean"},
                                {"Device.ManagementServer.CWMPRetryMinimumWaitInterval", "100", "xsd:unsignedInt"},
                                {"Device.ManagementServer.CWMPRetryIntervalMultiplier", "3000", "xsd:unsignedInt"}},
                               ""});
  acs->forget();
  acs->script.assign(3, Acs::fail(Cause::network));
  session();
  run_for(hours(2));
  ASSERT_THAT(acs->informs(), SizeIs(4));
  for (unsigned n = 1; n <= 3; ++n) expect_in_table(acs->messages[n].at - acs->messages[n - 1].at, n, 100, 3);
}

HNBEMU_RULE("Session retry", "RFC 9110 10.2.3", HonoursRetryAfter,
            "503 with Retry-After: the CPE waits at least so long") {
  power_on();
  acs->forget();
  auto busy = http(503);
  busy.retry_after = "120";
  acs->script = {Acs::answer(busy)};
  session();
  run_for(Seconds{200});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_GE(acs->messages[1].at - acs->messages[0].at, Seconds{120});
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", TwelveAttemptsKeepToTheTable,
            "The waits after the 1st to 12th failure in a row are those of the table, in service") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.PeriodicInformEnable", "0", "xsd:boolean"}}, ""});
  acs->forget();
  acs->script.assign(12, Acs::fail(Cause::timeout));
  session();
  run_for(hours(12));
  ASSERT_THAT(acs->informs(), SizeIs(13));
  for (unsigned n = 1; n <= 12; ++n) {
    expect_in_table(acs->messages[n].at - acs->messages[n - 1].at, n);
    EXPECT_EQ(acs->informs()[n].retry_count, n);
  }
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", TheFirstContactKeepsToTheTable,
            "The waits of a CPE that has not reached its ACS yet are those of the table") {
  acs->script.assign(12, Acs::answer(http(500)));
  power_on();
  run_for(hours(12));
  ASSERT_GE(acs->informs().size(), 13u);
  for (unsigned n = 1; n <= 12; ++n) expect_in_table(acs->messages[n].at - acs->messages[n - 1].at, n);
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", ASuccessBeginsTheTableAgain,
            "After a good session the first wait is the first range's again") {
  power_on();
  acs->script.assign(5, Acs::fail(Cause::network));
  session();
  run_for(hours(1));
  acs->forget();
  acs->script = {Acs::fail(Cause::network)};
  session();
  run_for(Seconds{30});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  expect_in_table(acs->messages[1].at - acs->messages[0].at, 1);
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", ARebootBeginsTheTableAgain,
            "After a reboot the first wait is the first range's again; RetryCount goes on") {
  acs->script.assign(5, Acs::fail(Cause::network));
  power_on();
  run_for(Seconds{200});
  ASSERT_THAT(acs->informs(), SizeIs(5));
  device->reboot();
  acs->forget();
  acs->script = {Acs::fail(Cause::network)};
  run_for(profile.boot_time + Seconds{15});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  expect_in_table(acs->messages[1].at - acs->messages[0].at, 1);
  EXPECT_EQ(acs->informs()[0].retry_count, 5u);
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", ANewEventDoesNotWait,
            "A new event during a wait begins a session at once, with the old events, and counts as a retry") {
  power_on();
  acs->script.assign(5, Acs::fail(Cause::network));
  session("X 02A1B2 FIRST");
  run_for(Seconds{100});
  acs->forget();
  acs->script.clear();
  session("X 02A1B2 SECOND");
  ASSERT_THAT(acs->informs(), SizeIs(1));
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 FIRST", "X 02A1B2 SECOND"));
  EXPECT_GT(acs->informs()[0].retry_count, 0u);
}

HNBEMU_RULE("Session retry", "TR-069 3.2.2", AConnectionRequestDoesNotWait,
            "A connection request during a wait begins a session at once") {
  power_on();
  acs->script = {Acs::fail(Cause::network)};
  session("X 02A1B2 FIRST");
  acs->forget();
  ASSERT_TRUE(connection_requests.request());
  run_for(Seconds{1});
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 FIRST", "6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", AKickBeforeServiceDoesNotWait,
            "A kick during the wait for the first contact begins the next attempt at once") {
  acs->script.assign(4, Acs::fail(Cause::network));
  power_on();
  run_for(Seconds{80});
  ASSERT_EQ(device->status().state, State::waiting_to_retry);
  acs->script.clear();
  acs->forget();
  device->request(cwmp::Kicked{"a", "b", "c", "d"});
  run_for(Seconds{1});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "Kicked", ""));
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", RetryParametersHaveTheirRange,
            "Retry parameters out of their range are 9007") {
  power_on();
  const std::string server = "Device.ManagementServer.";
  const auto refused =
      fault(cwmp::SetParameterValues{{{server + "CWMPRetryMinimumWaitInterval", "0", "xsd:unsignedInt"},
                                      {server + "CWMPRetryIntervalMultiplier", "999", "xsd:unsignedInt"}},
                                     ""});
  EXPECT_THAT(refused.set_parameter_values_faults, SizeIs(2));
}

HNBEMU_RULE("Session retry", "TR-069 3.2.1.1", ALateFailureIsOneToo,
            "A session that fails after the InformResponse is tried again with its events") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  session("X 02A1B2 ALARM");
  run_for(Seconds{12});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 ALARM"));
  EXPECT_EQ(acs->informs()[1].retry_count, 1u);
}

}  // namespace
}  // namespace hnbemu::conformance
