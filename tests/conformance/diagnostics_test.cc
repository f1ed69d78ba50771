#include "conformance/rule.h"
#include "cwmp/messages.h"

// The state of a test, and who hears of it; what each test measures is in diagnostics_results_test.cc.
namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kComplete = "8 DIAGNOSTICS COMPLETE";

cwmp::ParameterValueStruct parameter(const std::string& path, const std::string& value, const char* type) {
  return {path, value, type};
}

// Three pings of kHost, requested with their settings.
cwmp::SetParameterValues ping_request() {
  cwmp::SetParameterValues set;
  set.parameters = {parameter(kPing + "Host", "192.0.2.99", "xsd:string"),
                    parameter(kPing + "NumberOfRepetitions", "3", "xsd:unsignedInt"),
                    parameter(kPing + "Timeout", "1000", "xsd:unsignedInt"),
                    parameter(kPing + "DiagnosticsState", "Requested", "xsd:string")};
  return set;
}

std::size_t sessions_with_8(const Acs& acs) {
  std::size_t count = 0;
  for (const auto& inform : acs.informs()) {
    for (const auto& event : inform.events) count += event.event_code == kComplete ? 1 : 0;
  }
  return count;
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", TheTestWaitsForTheEndOfTheSession,
            "A test that is requested begins when the session with the ACS is over") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  acs->requests = {ping_request()};
  acs->requests.resize(50, cwmp::GetRpcMethods{});  // of 10 ms each
  device->inform("6 CONNECTION REQUEST");
  run_for(Millis{400});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Requested");
  EXPECT_THAT(diagnostics.echo.requests, IsEmpty());
  run_for(kEnough);
  EXPECT_THAT(diagnostics.echo.requests, SizeIs(3));
}

HNBEMU_RULE("Diagnostics", "TR-069 3.7.1.5", TheEndIsTold,
            "When a test has ended the CPE opens a session with 8 DIAGNOSTICS COMPLETE") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  ask(ping_request());
  run_for(kEnough);
  EXPECT_THAT(events(), ElementsAre(kComplete));
  EXPECT_EQ(sessions_with_8(*acs), 1U);
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", ResultsAreThereWhenTheEndIsTold,
            "In the session of 8 DIAGNOSTICS COMPLETE the state is Complete and the results can be read") {
  power_on();
  diagnostics.echo.hosts[kHost] = {Millis{20}};
  ask(ping_request());
  acs->forget();
  acs->requests.push_back(cwmp::GetParameterValues{{kPing + "DiagnosticsState", kPing + "AverageResponseTime"}});
  run_for(kEnough);
  ASSERT_THAT(acs->answers(), SizeIs(1));
  const auto values = std::get<cwmp::GetParameterValuesResponse>(acs->answers()[0]).parameters;
  EXPECT_EQ(values.at(0).value, "Complete");
  EXPECT_EQ(values.at(1).value, "20");
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", AFailureIsToldToo,
            "A test that fails ends with an Error state, and with 8 DIAGNOSTICS COMPLETE as well") {
  power_on();
  auto request = ping_request();
  request.parameters[0].value = "no-such-name.example";
  ask(std::move(request));
  run_for(kEnough);
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Error_CannotResolveHostName");
  EXPECT_THAT(events(), ElementsAre(kComplete));
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", StateIsRequestedWhileItRuns,
            "While a test runs DiagnosticsState reads Requested") {
  power_on();
  ask(ping_request());
  run_for(Millis{1500});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Requested");
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", WritingASettingEndsTheTest,
            "Another setting of the object written while its test runs ends it; the state is None; 8 DIAGNOSTICS "
            "COMPLETE does not come") {
  power_on();
  ask(ping_request());
  run_for(Millis{300});
  EXPECT_TRUE(set(kPing + "DSCP", "10", "xsd:unsignedInt"));
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  const auto sent = diagnostics.echo.requests.size();
  run_for(Seconds{60});
  EXPECT_EQ(diagnostics.echo.requests.size(), sent);
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  EXPECT_EQ(sessions_with_8(*acs), 0U);
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", CanceledEndsTheTest,
            "Canceled written while a test runs ends it; the state is None; 8 DIAGNOSTICS COMPLETE does not come") {
  power_on();
  ask(ping_request());
  run_for(Millis{300});
  EXPECT_TRUE(set(kPing + "DiagnosticsState", "Canceled"));
  run_for(Seconds{60});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  EXPECT_EQ(sessions_with_8(*acs), 0U);
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", RequestedAgainBeginsAgain,
            "Requested written while a test runs ends it and begins it again; its end is told once") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  ask(ping_request());
  run_for(Millis{500});
  const auto sent = diagnostics.echo.requests.size();
  EXPECT_TRUE(set(kPing + "DiagnosticsState", "Requested"));
  run_for(Seconds{20});
  EXPECT_EQ(diagnostics.echo.requests.size(), sent + 3);
  EXPECT_EQ(value(kPing + "SuccessCount"), "3");
  EXPECT_EQ(sessions_with_8(*acs), 1U);
}

HNBEMU_RULE("Diagnostics", "TR-069 A.5.1", OnlyTheDeviceSetsTheOtherStates,
            "DiagnosticsState None, Complete or an error written by the ACS is fault 9007") {
  power_on();
  for (const auto* const state : {"None", "Complete", "Error_Other", "Started"}) {
    cwmp::SetParameterValues set;
    set.parameters = {parameter(kPing + "DiagnosticsState", state, "xsd:string")};
    const auto refused = fault(std::move(set));
    EXPECT_EQ(refused.code, 9003) << state;
    ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1));
    EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9007);
  }
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", AFaultStartsNothing,
            "A SetParameterValues that requests a test and is at fault elsewhere starts none") {
  power_on();
  auto request = ping_request();
  request.parameters[1].value = "0";
  EXPECT_EQ(fault_code(std::move(request)), 9003);
  run_for(kEnough);
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  EXPECT_THAT(diagnostics.echo.requests, IsEmpty());
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", WritingASettingAfterwardsTakesTheResults,
            "A setting written after the end of the test makes its state None") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  ask(ping_request());
  run_for(kEnough);
  ASSERT_EQ(value(kPing + "DiagnosticsState"), "Complete");
  EXPECT_TRUE(set(kPing + "Timeout", "500", "xsd:unsignedInt"));
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", ResultsAreKept,
            "Results are kept until the test is run again or the CPE reboots") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  ask(ping_request());
  run_for(std::chrono::hours(24));
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Complete");
  EXPECT_EQ(value(kPing + "SuccessCount"), "3");
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", ARebootMakesItNone,
            "After a reboot the state is None: results are not kept; settings are") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  ask(ping_request());
  run_for(kEnough);
  ask(cwmp::Reboot{""});
  run_for(Seconds{20});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  EXPECT_EQ(value(kPing + "SuccessCount"), "0");
  EXPECT_EQ(value(kPing + "Host"), "192.0.2.99");
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", ARebootEndsTheTest,
            "A test that runs when the CPE reboots is not taken up again, and its end is not told") {
  power_on();
  ask(ping_request());
  run_for(Millis{200});
  ask(cwmp::Reboot{""});
  run_for(Seconds{30});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  EXPECT_EQ(sessions_with_8(*acs), 0U);
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", PowerLossMakesItNone,
            "After a loss of power in the middle of a test the state is None, and none begins") {
  power_on();
  ask(ping_request());
  run_for(Millis{200});
  lose_power();
  diagnostics.echo.requests.clear();
  power_on();
  run_for(Seconds{30});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "None");
  EXPECT_THAT(diagnostics.echo.requests, IsEmpty());
}

HNBEMU_RULE("Diagnostics", "TR-069 3.7.1.5", TwoTestsAreToldInTheirOwnTime,
            "Tests of two objects run side by side; the end of each is told") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  auto request = ping_request();
  request.parameters.push_back(parameter(kTrace + "Host", "192.0.2.99", "xsd:string"));
  request.parameters.push_back(parameter(kTrace + "MaxHopCount", "30", "xsd:unsignedInt"));
  request.parameters.push_back(parameter(kTrace + "Timeout", "1000", "xsd:unsignedInt"));
  request.parameters.push_back(parameter(kTrace + "DiagnosticsState", "Requested", "xsd:string"));
  ask(std::move(request));
  run_for(kEnough);
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Complete");
  EXPECT_EQ(value(kTrace + "DiagnosticsState"), "Complete");
  EXPECT_EQ(sessions_with_8(*acs), 2U);
}

HNBEMU_RULE("Diagnostics", "TR-069 3.7.1.5", WhatTheAcsDidNotAskForIsNotTold,
            "A test that the CPE's own user requested ends without 8 DIAGNOSTICS COMPLETE") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  const std::vector<datamodel::Assignment> all{{kPing + "Host", "192.0.2.99", ""},
                                               {kPing + "DiagnosticsState", "Requested", ""}};
  ASSERT_TRUE(device->model().set(all, datamodel::Origin::command));
  device->save();
  run_for(kEnough);
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Complete");
  EXPECT_EQ(sessions_with_8(*acs), 0U);
}

HNBEMU_RULE("Diagnostics", "TR-069 3.7.1.5", AnEndThatWasNotHeardIsToldAgain,
            "8 DIAGNOSTICS COMPLETE whose session failed is told again") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  ask(ping_request());
  acs->script = {Acs::fail(Cause::network)};
  run_for(Seconds{30});
  EXPECT_EQ(sessions_with_8(*acs), 2U);
  EXPECT_EQ(acs->informs().back().retry_count, 1U);
}

HNBEMU_RULE("Diagnostics", "TR-181 DiagnosticsState", ATestIsDoneThoughItsSessionFailed,
            "A test whose request was acknowledged is done although the session failed afterwards") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  acs->script = {Acs::pass(), acs->say(ping_request()), Acs::fail(Cause::network)};
  session();
  run_for(kEnough);
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Complete");
}

HNBEMU_RULE("Diagnostics", "TR-069 A.5.1", MoreThanTheDeviceDoesIsRefused,
            "Settings beyond what the CPE carries out are fault 9007 when they are written") {
  power_on();
  EXPECT_FALSE(set(kPing + "NumberOfRepetitions", "4294967295", "xsd:unsignedInt"));
  EXPECT_FALSE(set("Device.IP.Diagnostics.DownloadDiagnostics.NumberOfConnections", "9", "xsd:unsignedInt"));
  EXPECT_TRUE(set("Device.IP.Diagnostics.DownloadDiagnostics.NumberOfConnections", "8", "xsd:unsignedInt"));
  EXPECT_FALSE(set(kPing + "DSCP", "64", "xsd:unsignedInt"));
}

}  // namespace
}  // namespace hnbemu::conformance
