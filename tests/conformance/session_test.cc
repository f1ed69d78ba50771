#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> names_of(const Acs& acs) {
  std::vector<std::string> names;
  for (const auto& message : acs.messages) names.push_back(message.name);
  return names;
}

HNBEMU_RULE("Sessions", "TR-069 3.7.1.4", AsksAfterTheInformResponse,
            "The CPE sends its own requests after the InformResponse and before its empty POST") {
  power_on();
  acs->forget();
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  EXPECT_THAT(names_of(*acs), ElementsAre("Inform", "GetRPCMethods", ""));
}

HNBEMU_RULE(
    "Sessions", "TR-069 3.7.2.4", AsksNothingWhileHeld,
    "HoldRequests true in the InformResponse: the CPE sends no request until the ACS has none and no longer holds") {
  power_on();
  acs->forget();
  acs->hold = true;
  acs->requests.push_back(cwmp::GetRpcMethods{});
  device->request(cwmp::Kicked{"a", "b", "c", "d"});
  run_for(Seconds{1});
  EXPECT_THAT(names_of(*acs), ElementsAre("Inform", "", "GetRPCMethodsResponse", "Kicked", ""));
}

HNBEMU_RULE("Sessions", "TR-069 A.4.2.1", KickedCarriesItsEvent, "A session for Kicked has the event 5 KICKED") {
  power_on();
  device->request(cwmp::Kicked{"go", "http://a.example/", "x", "http://b.example/"});
  run_for(Seconds{1});
  EXPECT_THAT(events(), ElementsAre("5 KICKED"));
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));  // the response has delivered it
}

HNBEMU_RULE("Sessions", "TR-069 3.7.1.1", OneSessionAtATime,
            "What asks for a session while one is under way gets one after it") {
  power_on();
  acs->forget();
  device->inform("X 02A1B2 FIRST");
  run_for(Millis{5});
  device->inform("X 02A1B2 SECOND");
  run_for(Seconds{1});
  EXPECT_THAT(names_of(*acs), ElementsAre("Inform", "", "Inform", ""));
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 SECOND"));
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
            "The first wait is between m and m*k/1000 of the ACS's retry parameters") {
  power_on();
  set("Device.ManagementServer.CWMPRetryMinimumWaitInterval", "100", "xsd:unsignedInt");
  set("Device.ManagementServer.CWMPRetryIntervalMultiplier", "3000", "xsd:unsignedInt");
  acs->forget();
  acs->script = {Acs::fail(Cause::network)};
  session();
  run_for(Seconds{400});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  const auto waited = acs->messages[1].at - acs->messages[0].at;
  EXPECT_GE(waited, Seconds{100});
  EXPECT_LE(waited, Seconds{301});
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

HNBEMU_RULE("ACS URL", "TR-069 3.7.1.5", ANewUrlIsBootstrapped,
            "A new ACS URL takes effect after the session, with 0 BOOTSTRAP at the new ACS") {
  power_on();
  acs->forget();
  acs->requests.push_back(cwmp::SetParameterValues{
      {{"Device.ManagementServer.URL", "http://other.operator.example:7547/", "xsd:string"}}, ""});
  acs->requests.push_back(cwmp::GetRpcMethods{});
  session();
  run_for(kEnough);
  EXPECT_EQ(acs->messages[2].request.url.host, "acs.operator.example");
  EXPECT_EQ(acs->messages.back().request.url.host, "other.operator.example");
  EXPECT_THAT(acs->informs()[1].events, ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}));
}

HNBEMU_RULE("ACS URL", "TR-069 A.3.2.1", NewCredentialsAreForTheNextSession,
            "A new username or password is used from the next session on") {
  power_on();
  acs->forget();
  acs->requests.push_back(
      cwmp::SetParameterValues{{{"Device.ManagementServer.Username", "another", "xsd:string"}}, ""});
  acs->requests.push_back(cwmp::GetRpcMethods{});
  session();
  EXPECT_NE(acs->messages.back().request.username, "another");
  session();
  EXPECT_EQ(acs->messages.back().request.username, "another");
}

HNBEMU_RULE("Version negotiation", "TR-069 A.6", OffersItsVersions,
            "A 1.4 CPE says in its Inform which versions it speaks, and how long it waits") {
  profile.cwmp_version = "1.4";
  make_acs();
  make_device();
  acs->use_version = "1.2";
  power_on();
  EXPECT_EQ(acs->messages.front().envelope.supported_versions, "1.0,1.1,1.2,1.3,1.4");
  EXPECT_EQ(acs->messages.front().envelope.session_timeout, 60u);
}

HNBEMU_RULE("Version negotiation", "TR-069 A.6", RefusesAVersionItDoesNotSpeak,
            "UseCWMPVersion of a version that the CPE does not speak fails the session") {
  profile.cwmp_version = "1.4";
  make_acs();
  make_device();
  acs->use_version = "2.0";
  power_on();
  EXPECT_EQ(device->status().state, device::State::waiting_to_retry);
}

}  // namespace
}  // namespace hnbemu::conformance
