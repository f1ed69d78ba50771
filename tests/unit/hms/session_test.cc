#include "hms/session.h"

#include <gtest/gtest.h>

#include "device_double.h"

namespace hnbemu::hms {
namespace {

struct SessionTest : testing::Test {
  Session session{7};
  Findings findings;

  static cwmp::Envelope envelope(cwmp::Body body, std::optional<std::string> id = "1") {
    cwmp::Envelope made;
    made.id = std::move(id);
    made.body = std::move(body);
    return made;
  }
  Session::Reply open(std::vector<cwmp::Body> requests) {
    return session.on_inform(envelope(henb_inform()), {std::move(requests), {}, {}}, findings);
  }
  Session::Reply say(cwmp::Body body, std::optional<std::string> id = "1") {
    return session.on_message(envelope(std::move(body), std::move(id)), findings);
  }
  Session::Reply empty() { return session.on_empty_post(findings); }
  bool found(Rule rule) const {
    return std::ranges::any_of(findings.all(), [&](const auto& entry) { return entry.first == rule; });
  }
};

TEST_F(SessionTest, WhenInformComes_ThenItsIdReturnsWithTheResponse) {
  const auto reply = open({});
  EXPECT_EQ(reply.envelope->id, "1");
  EXPECT_TRUE(std::holds_alternative<cwmp::InformResponse>(reply.envelope->body));
  EXPECT_EQ(empty().status, 204);
  EXPECT_EQ(session.state(), Session::State::ended);
  EXPECT_TRUE(findings.all().empty());
}

TEST_F(SessionTest, WhenSessionBeginsOtherwise_ThenItFails) {
  EXPECT_EQ(empty().status, 400);
  EXPECT_TRUE(found(Rule::first_not_inform));
  EXPECT_FALSE(session.live());
}

TEST_F(SessionTest, WhenSecondInformComes_ThenItIsFound) {
  open({});
  say(henb_inform());
  EXPECT_TRUE(found(Rule::second_inform));
}

TEST_F(SessionTest, WhenAnswerIsOfAnotherMethodOrId_ThenItIsFound) {
  open({cwmp::Reboot{}, cwmp::Reboot{}});
  const auto first = empty();
  const auto second = say(cwmp::GetRpcMethodsResponse{}, first.envelope->id);
  EXPECT_TRUE(found(Rule::answer_type));
  EXPECT_FALSE(found(Rule::id_mismatch));
  EXPECT_EQ(say(cwmp::RebootResponse{}, "foreign").status, 204);
  EXPECT_TRUE(found(Rule::id_mismatch));
  EXPECT_NE(first.envelope->id, second.envelope->id);
}

TEST_F(SessionTest, WhenAnswerHasNoId_ThenItIsFound) {
  open({cwmp::Reboot{}});
  empty();
  say(cwmp::RebootResponse{}, std::nullopt);
  EXPECT_TRUE(found(Rule::id_missing));
}

TEST_F(SessionTest, WhenAnswerIsMissing_ThenItIsFoundAndSessionFails) {
  open({cwmp::Reboot{}});
  empty();
  empty();
  EXPECT_TRUE(found(Rule::answer_missing));
  EXPECT_EQ(session.state(), Session::State::failed);
}

TEST_F(SessionTest, WhenNothingWasAsked_ThenAnswerIsFound) {
  open({});
  say(cwmp::RebootResponse{});
  EXPECT_TRUE(found(Rule::answer_unexpected));
}

TEST_F(SessionTest, WhenDeviceAsksInsteadOfAnswering_ThenItIsFound) {
  open({cwmp::Reboot{}});
  empty();
  say(cwmp::GetRpcMethods{});
  EXPECT_TRUE(found(Rule::request_while_answer_due));
  EXPECT_TRUE(found(Rule::request_after_empty_post));
}

TEST_F(SessionTest, WhenHeld_ThenDeviceMayOnlySendAnEmptyPost) {
  auto reply = open({cwmp::Reboot{}});
  session.hold_requests(reply);
  EXPECT_EQ(reply.envelope->hold_requests, true);
  EXPECT_TRUE(std::holds_alternative<cwmp::Fault>(say(cwmp::GetRpcMethods{}).envelope->body));
  EXPECT_TRUE(found(Rule::request_while_held));
}

// TR-069 3.7.1.4: a device that was held may ask after the last request of the ACS.
TEST_F(SessionTest, WhenHoldEnds_ThenDeviceMayAsk) {
  auto reply = open({cwmp::Reboot{}});
  session.hold_requests(reply);
  const auto request = empty();
  EXPECT_FALSE(request.envelope->hold_requests);
  EXPECT_EQ(say(cwmp::RebootResponse{}, request.envelope->id).status, 204);
  EXPECT_TRUE(session.complete());
  EXPECT_EQ(say(cwmp::GetRpcMethods{}).status, 200);
  EXPECT_EQ(empty().status, 204);
  EXPECT_EQ(session.state(), Session::State::ended);
  EXPECT_TRUE(findings.all().empty());
}

TEST_F(SessionTest, WhenNamespaceChanges_ThenItIsFound) {
  open({});
  auto message = envelope(cwmp::GetRpcMethods{});
  message.version = cwmp::Version::v1_2;
  session.on_message(message, findings);
  EXPECT_TRUE(found(Rule::namespace_changed));
}

TEST_F(SessionTest, WhenDeviceSendsHoldRequests_ThenItIsFound) {
  open({});
  auto message = envelope(cwmp::GetRpcMethods{});
  message.hold_requests = false;
  session.on_message(message, findings);
  EXPECT_TRUE(found(Rule::hold_requests_by_device));
}

TEST_F(SessionTest, WhenDecisionIsAFault_ThenSessionFailsUnlessItAsksForARetry) {
  session.on_inform(envelope(henb_inform()), {{}, cwmp::Fault{"Server", 8005, "again", {}}, {}}, findings);
  EXPECT_EQ(session.state(), Session::State::opening);
  session.on_inform(envelope(henb_inform()), {{}, cwmp::Fault{"Server", 8001, "no", {}}, {}}, findings);
  EXPECT_EQ(session.state(), Session::State::failed);
  EXPECT_TRUE(findings.all().empty());
}

TEST_F(SessionTest, WhenDeviceNeverEnds_ThenSessionIsCutOff) {
  open({});
  for (std::size_t i = 0; i < Session::kMaxMessages && session.live(); ++i) say(cwmp::GetRpcMethods{});
  EXPECT_FALSE(session.live());
}

}  // namespace
}  // namespace hnbemu::hms
