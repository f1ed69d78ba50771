#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;

HNBEMU_RULE(
    "HoldRequests", "TR-069 3.7.2.4", AsksNothingWhileHeld,
    "HoldRequests true in the InformResponse: the CPE sends no request until the ACS has none and no longer holds") {
  power_on();
  acs->forget();
  acs->hold = true;
  acs->requests.push_back(cwmp::GetRpcMethods{});
  device->request(cwmp::Kicked{"a", "b", "c", "d"});
  run_for(Seconds{1});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "GetRPCMethodsResponse", "Kicked", ""));
}

HNBEMU_RULE("HoldRequests", "TR-069 3.5", HoldRequestsHasTwoForms,
            "HoldRequests is true as 1 and as true, false as 0, false and when it is absent") {
  power_on();
  for (const std::string text : {"1", "true", "0", "false", ""}) {
    acs->forget();
    const auto header = fmt::format(R"(<cwmp:HoldRequests s:mustUnderstand="1">{}</cwmp:HoldRequests>)", text);
    acs->script = {Acs::raw(soap("<cwmp:InformResponse/>", text.empty() ? "" : header))};
    device->request(cwmp::GetRpcMethods{});
    run_for(Seconds{1});
    EXPECT_EQ(acs->names().at(1), text == "1" || text == "true" ? "" : "GetRPCMethods") << text;
  }
}

HNBEMU_RULE("HoldRequests", "TR-069 3.7.2.4", HeldBetweenRequests,
            "HoldRequests in the answer to one of the CPE's requests holds the next one") {
  power_on();
  acs->script = {Acs::fail(Cause::network)};
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  acs->forget();
  acs->script = {Acs::pass(), [this](const Message& message) {
                   acs->hold = true;
                   auto said = acs->say(cwmp::GetRpcMethodsResponse{{"Inform"}})(message);
                   acs->hold = false;
                   return said;
                 }};
  acs->requests = {cwmp::AddObject{"Device.", ""}};
  device->request(cwmp::Kicked{"a", "b", "c", "d"});
  run_for(Seconds{1});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "GetRPCMethods", "", "Fault", "Kicked", ""));
}

HNBEMU_RULE("HoldRequests", "TR-069 3.7.2.4", HeldWithNothingToAskEndsWell,
            "HoldRequests where neither side has anything to ask ends the session") {
  power_on();
  acs->forget();
  acs->hold = true;
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", ""));
  session();
  EXPECT_EQ(acs->informs().back().retry_count, 0u);
}

}  // namespace
}  // namespace hnbemu::conformance
