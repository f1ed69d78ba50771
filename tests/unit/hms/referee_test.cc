#include "hms/referee.h"

#include <gtest/gtest.h>

#include "device_double.h"

namespace hnbemu::hms::referee {
namespace {

std::string found(const Findings& findings) {
  std::string text;
  for (const auto& [rule, what] : findings.all()) text += fmt::format("{}: {}\n", name(rule), what);
  return text;
}

bool has(const Findings& findings, Rule rule) {
  return std::ranges::any_of(findings.all(), [&](const auto& entry) { return entry.first == rule; });
}

Findings of_inform(const cwmp::Inform& inform) {
  Findings findings;
  check_inform(inform, findings);
  return findings;
}

TEST(Referee, WhenInformIsGood_ThenNothingIsFound) {
  EXPECT_EQ(found(of_inform(henb_inform())), "");
  EXPECT_EQ(found(of_inform(hnb_inform())), "");
}

// TR-069 A.3.3.1: taking any forced parameter away is a breach.
TEST(Referee, WhenAnyForcedParameterIsMissing_ThenItIsFound) {
  for (const auto& good : {henb_inform(), hnb_inform()}) {
    for (std::size_t i = 0; i < good.parameters.size(); ++i) {
      if (good.parameters[i].name.find("GPS") != std::string::npos) continue;
      auto inform = good;
      inform.parameters.erase(inform.parameters.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_TRUE(has(of_inform(inform), Rule::forced_parameter)) << good.parameters[i].name;
    }
  }
}

TEST(Referee, WhenFapStatesAreAllMissing_ThenTheyAreFound) {
  auto inform = henb_inform();
  std::erase_if(inform.parameters, [](const auto& p) { return p.name.find("FAPControl") != std::string::npos; });
  EXPECT_TRUE(has(of_inform(inform), Rule::forced_parameter));
}

TEST(Referee, WhenInformBreaksARule_ThenThatRuleIsFound) {
  struct Case {
    Rule rule;
    std::function<void(cwmp::Inform&)> spoil;
  };
  const std::vector<Case> cases = {
      {Rule::device_id, [](auto& i) { i.device_id.serial_number.clear(); }},
      {Rule::device_id, [](auto& i) { i.device_id.manufacturer.clear(); }},
      {Rule::device_id, [](auto& i) { i.device_id.manufacturer.assign(65, 'x'); }},
      {Rule::oui, [](auto& i) { i.device_id.oui = "00c0ff"; }},
      {Rule::oui, [](auto& i) { i.device_id.oui = "00C0F"; }},
      {Rule::event_count, [](auto& i) { i.events.clear(); }},
      {Rule::event_count,
       [](auto& i) {
         i.events.assign(65, {"X 00C0FF a", ""});
       }},
      {Rule::event_code, [](auto& i) { i.events[1].event_code = "1 REBOOT"; }},
      {Rule::event_code, [](auto& i) { i.events[1].event_code = "M Dance"; }},
      {Rule::event_code, [](auto& i) { i.events[1].event_code = "X Example text"; }},
      {Rule::event_duplicate, [](auto& i) { i.events.push_back(i.events[0]); }},
      {Rule::event_combination,
       [](auto& i) {
         i.events = {{"M Download", "k"}};
       }},
      {Rule::event_combination,
       [](auto& i) {
         i.events = {{"M Reboot", "k"}, {"2 PERIODIC", ""}};
       }},
      {Rule::command_key, [](auto& i) { i.events[1].command_key = "k"; }},
      {Rule::command_key,
       [](auto& i) {
         i.events.push_back({"M Reboot", std::string(33, 'k')});
       }},
      {Rule::max_envelopes, [](auto& i) { i.max_envelopes = 2; }},
      {Rule::current_time, [](auto& i) { i.current_time = "yesterday"; }},
      {Rule::current_time, [](auto& i) { i.current_time = "2026-01-02T03:04:05.Z"; }},
      {Rule::parameter_name,
       [](auto& i) {
         i.parameters.push_back({"Device.X.", "", "xsd:string"});
       }},
      {Rule::parameter_name,
       [](auto& i) {
         i.parameters.push_back({"Foreign.X", "", "xsd:string"});
       }},
      {Rule::parameter_duplicate, [](auto& i) { i.parameters.push_back(i.parameters[0]); }},
      {Rule::parameter_type, [](auto& i) { i.parameters[0].type = "xsd:text"; }},
      {Rule::parameter_type, [](auto& i) { i.parameters[0].type.clear(); }},
      {Rule::parameter_value,
       [](auto& i) {
         i.parameters.push_back({"Device.X", "yes", "xsd:boolean"});
       }},
      {Rule::parameter_value,
       [](auto& i) {
         i.parameters.push_back({"Device.X", "-1", "xsd:unsignedInt"});
       }},
      {Rule::parameter_value,
       [](auto& i) {
         i.parameters.push_back({"Device.X", "2026", "xsd:dateTime"});
       }},
  };
  for (const Case& one : cases) {
    auto inform = henb_inform();
    one.spoil(inform);
    const Findings findings = of_inform(inform);
    EXPECT_TRUE(has(findings, one.rule)) << name(one.rule) << "\n" << found(findings);
  }
}

TEST(Referee, WhenEventsAreAsTheStandardHasThem_ThenNothingIsFound) {
  Findings findings;
  check_events({{"1 BOOT", ""}, {"M Reboot", "k"}, {"4 VALUE CHANGE", ""}, {"X 00C0FF hello", "any"}}, findings);
  check_events({{"7 TRANSFER COMPLETE", ""}, {"M Download", "a"}, {"M Download", "b"}}, findings);
  EXPECT_EQ(found(findings), "");
}

TEST(Referee, WhenCurrentTimeHasOffsetOrFraction_ThenItIsADateTime) {
  for (const char* time : {"2026-01-02T03:04:05", "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05+02:00"}) {
    auto inform = henb_inform();
    inform.current_time = time;
    EXPECT_EQ(found(of_inform(inform)), "") << time;
  }
}

Findings of_history(const cwmp::Inform& inform, const DeviceHistory& history) {
  Findings findings;
  check_history(inform, history, findings);
  return findings;
}

// TR-069 3.2.1.1.
TEST(Referee, WhenRetryCountStandsStillAfterAFailure_ThenItIsFound) {
  DeviceHistory history;
  history.last_session_failed = true;
  history.last_retry_count = 1;
  auto inform = henb_inform();
  inform.events = {{"0 BOOTSTRAP", ""}};
  inform.retry_count = 1;
  EXPECT_TRUE(has(of_history(inform, history), Rule::retry_count));
  inform.retry_count = 2;
  EXPECT_EQ(found(of_history(inform, history)), "");
  inform.retry_count = 0;
  inform.events.push_back({"1 BOOT", ""});  // a restart begins anew
  EXPECT_EQ(found(of_history(inform, history)), "");
}

TEST(Referee, WhenUndeliveredEventIsGone_ThenItIsFound) {
  DeviceHistory history;
  history.bootstrap_due = false;
  history.undelivered = {{"7 TRANSFER COMPLETE", ""}, {"M Download", "k"}, {"2 PERIODIC", ""}};
  auto inform = henb_inform();
  inform.events = {{"7 TRANSFER COMPLETE", ""}};
  EXPECT_TRUE(has(of_history(inform, history), Rule::event_lost));
  inform.events.push_back({"M Download", "k"});
  EXPECT_EQ(found(of_history(inform, history)), "");
}

Findings of_answer(const cwmp::Body& request, const cwmp::Body& answer) {
  Findings findings;
  check_answer(request, answer, findings);
  return findings;
}

TEST(Referee, WhenValuesDoNotCoverWhatWasAsked_ThenItIsFound) {
  const cwmp::GetParameterValues request{{"Device.A", "Device.B."}};
  cwmp::GetParameterValuesResponse answer{{{"Device.A", "1", "xsd:string"}, {"Device.B.C", "1", "xsd:string"}}};
  EXPECT_EQ(found(of_answer(request, answer)), "");
  answer.parameters.push_back({"Device.C", "1", "xsd:string"});
  EXPECT_TRUE(has(of_answer(request, answer), Rule::answer_scope));
  answer.parameters = {{"Device.B.C", "1", "xsd:string"}};
  EXPECT_TRUE(has(of_answer(request, answer), Rule::answer_scope));
}

// TR-069 A.3.2.3.
TEST(Referee, WhenNamesAreOfAnotherLevel_ThenItIsFound) {
  cwmp::GetParameterNames request{"Device.", true};
  EXPECT_EQ(found(of_answer(request, cwmp::GetParameterNamesResponse{{{"Device.A.", false}, {"Device.B", true}}})), "");
  EXPECT_TRUE(has(of_answer(request, cwmp::GetParameterNamesResponse{{{"Device.A.B", false}}}), Rule::answer_scope));
  EXPECT_TRUE(has(of_answer(request, cwmp::GetParameterNamesResponse{{{"Device.", false}}}), Rule::answer_scope));
  request.next_level = false;
  EXPECT_EQ(found(of_answer(request, cwmp::GetParameterNamesResponse{{{"Device.", false}, {"Device.A.B", true}}})), "");
  EXPECT_TRUE(has(of_answer(request, cwmp::GetParameterNamesResponse{{{"Device.A.B", false}}}), Rule::answer_scope));
}

// TR-069 A.5.1.
TEST(Referee, WhenFaultIsMalformed_ThenItIsFound) {
  const cwmp::SetParameterValues request{{{"Device.A", "1", "xsd:string"}}, "k"};
  EXPECT_EQ(found(of_answer(request, cwmp::Fault{"Client", 9003, "x", {{"Device.A", 9007, "y"}}})), "");
  EXPECT_EQ(found(of_answer(request, cwmp::Fault{"Server", 9800, "vendor", {}})), "");
  EXPECT_EQ(found(of_answer(request, cwmp::Fault{"MustUnderstand", 0, "header", {}})), "");
  const std::vector<cwmp::Fault> bad = {
      {"Client", 8003, "an ACS's code", {}},
      {"Sender", 9003, "no SOAP 1.1 code", {}},
      {"Server", 9005, "it is the client's", {}},
      {"Client", 9005, "x", {{"Device.A", 9005, "not with 9005"}}},
      {"Client", 9003, "x", {{"Device.B", 9005, "never set"}}},
  };
  for (const auto& fault : bad) EXPECT_TRUE(has(of_answer(request, fault), Rule::fault_format)) << fault.text;
  EXPECT_TRUE(
      has(of_answer(cwmp::Reboot{}, cwmp::Fault{"Client", 9003, "x", {{"Device.A", 9005, ""}}}), Rule::fault_format));
}

TEST(Referee, WhenStatusIsNeitherZeroNorOne_ThenItIsFound) {
  const cwmp::SetParameterValues request;
  EXPECT_EQ(found(of_answer(request, cwmp::SetParameterValuesResponse{1})), "");
  EXPECT_TRUE(has(of_answer(request, cwmp::SetParameterValuesResponse{2}), Rule::answer_status));
}

Findings of_http(const HttpRequest& request) {
  Findings findings;
  check_http(request, findings);
  return findings;
}

// TR-069 3.4.1.
TEST(Referee, WhenHttpHeadersAreWrong_ThenTheyAreFound) {
  HttpRequest request;
  request.method = "POST";
  request.body = "<x/>";
  request.headers = {{"soapaction", ""}, {"content-type", "text/xml;charset=utf-8"}};
  EXPECT_EQ(found(of_http(request)), "");
  request.headers[0].second = "\"\"";
  EXPECT_TRUE(has(of_http(request), Rule::soap_action));
  request.headers = {{"Content-Type", "application/soap+xml"}};
  EXPECT_TRUE(has(of_http(request), Rule::soap_action));
  EXPECT_TRUE(has(of_http(request), Rule::content_type));
  request.body.clear();
  EXPECT_TRUE(has(of_http(request), Rule::empty_post_headers));
  request.headers.clear();
  request.version = 10;
  EXPECT_TRUE(has(of_http(request), Rule::http_version));
}

TEST(Referee, WhenMessageBreaksManyRules_ThenFindingsAreBounded) {
  auto inform = henb_inform();
  for (int i = 0; i < 1000; ++i) inform.parameters.push_back({fmt::format("Device.X.{}", i), "", "nonsense"});
  EXPECT_EQ(of_inform(inform).all().size(), Findings::kMaxFindings);
}

}  // namespace
}  // namespace hnbemu::hms::referee
