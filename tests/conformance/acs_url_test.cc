#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using device::State;
using testing::ElementsAre;
using testing::SizeIs;

constexpr const char* kOther = "other.operator.example";

cwmp::SetParameterValues set_url(const std::string& url) {
  return {{{kUrl, url, "xsd:string"}}, ""};
}

HNBEMU_RULE("ACS URL", "TR-069 3.7.1.5", ANewUrlIsBootstrapped,
            "A new ACS URL takes effect after the session, with 0 BOOTSTRAP at the new ACS") {
  power_on();
  acs->forget();
  acs->requests.push_back(set_url(kOtherUrl));
  acs->requests.push_back(cwmp::GetRpcMethods{});
  session();
  run_for(kEnough);
  EXPECT_EQ(acs->messages[2].request.url.host, "acs.operator.example");
  EXPECT_EQ(acs->messages.back().request.url.host, kOther);
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

HNBEMU_RULE("ACS URL", "TR-069 3.7.1.5", TheSameUrlIsNoNewAcs, "An ACS URL set to what it is begins nothing") {
  power_on();
  acs->forget();
  EXPECT_TRUE(set(kUrl, kAcsUrl));
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_RULE("ACS URL", "RFC 3986 6.2.3", AnotherSpellingWorks,
            "An ACS URL with its default port spelled out is one ACS, session after session") {
  power_on();
  set(kUrl, "http://other.operator.example:80/");
  run_for(kEnough);
  acs->forget();
  session();
  run_for(kEnough);
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_RULE("ACS URL", "TR-069 3.7.1.5", TheLastUrlOfASessionCounts,
            "Two new ACS URLs in one session: the last one is the ACS, and hears one 0 BOOTSTRAP") {
  power_on();
  acs->forget();
  acs->requests.push_back(set_url("http://third.operator.example/"));
  acs->requests.push_back(set_url(kOtherUrl));
  session();
  run_for(kEnough);
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(acs->messages.back().request.url.host, kOther);
}

HNBEMU_RULE("ACS URL", "TR-069 3.7.1.5", TheOldUrlAgainIsABootstrap,
            "A device that is sent back to an ACS it has known says 0 BOOTSTRAP there again") {
  power_on();
  set(kUrl, kOtherUrl);
  run_for(kEnough);
  acs->forget();
  set(kUrl, kAcsUrl);
  run_for(kEnough);
  EXPECT_EQ(acs->messages.back().request.url.host, "acs.operator.example");
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP"));
}

HNBEMU_RULE("ACS URL", "TR-069 A.3.2.1", AnAcknowledgedUrlCountsThoughTheSessionFails,
            "A new ACS URL that was acknowledged is used although its session fails, without a wait") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), acs->say(set_url(kOtherUrl)), Acs::fail(Cause::network)};
  session();
  run_for(Seconds{2});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(acs->messages.back().request.url.host, kOther);
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP"));
}

HNBEMU_RULE("ACS URL", "TR-069 3.2.1.1", AnUnreachableNewAcsIsTriedAgain,
            "The bootstrap of a new ACS that does not answer is tried again by the table, at the new ACS") {
  power_on();
  acs->forget();
  acs->requests.push_back(set_url(kOtherUrl));
  acs->script = {Acs::pass(), Acs::pass(), Acs::pass(), Acs::fail(Cause::network), Acs::fail(Cause::timeout)};
  session();
  EXPECT_EQ(device->status().state, State::waiting_to_retry);
  run_for(Seconds{40});
  ASSERT_THAT(acs->informs(), SizeIs(4));
  EXPECT_EQ(acs->messages.back().request.url.host, kOther);
  EXPECT_EQ(acs->informs().back().events.front().event_code, "0 BOOTSTRAP");
  EXPECT_EQ(acs->informs().back().retry_count, 2u);
}

HNBEMU_RULE("ACS URL", "TR-069 3.1", TheUrlIsKeptWithoutPower,
            "An ACS URL that the ACS has set is the one after a loss of power, and not bootstrapped again") {
  power_on();
  set(kUrl, kOtherUrl);
  run_for(kEnough);
  lose_power();
  acs->forget();
  power_on();
  EXPECT_EQ(acs->messages.front().request.url.host, kOther);
  EXPECT_THAT(events(), ElementsAre("1 BOOT"));
}

HNBEMU_RULE("ACS URL", "TR-069 3.1", WhatIsNoUrlIsRefused, "An ACS URL that is no HTTP or HTTPS URL is fault 9007") {
  power_on();
  for (const auto* const text : {"no URL", "ftp://acs.example/", "http:///cwmp", ""}) {
    const auto refused = fault(set_url(text));
    ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1)) << text;
    EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9007);
  }
  EXPECT_EQ(value(kUrl), kAcsUrl);
}

HNBEMU_RULE("ACS URL", "TR-181 Password", ThePasswordReadsEmpty,
            "The password towards the ACS reads as the empty string, and is used all the same") {
  power_on();
  set("Device.ManagementServer.Password", "secret");
  const auto read =
      ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{"Device.ManagementServer.Password"}});
  EXPECT_EQ(read.parameters.at(0).value, "");
  EXPECT_EQ(acs->messages.back().request.password, "secret");
}

}  // namespace
}  // namespace hnbemu::conformance
