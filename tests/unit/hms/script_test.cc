#include "hms/script.h"

#include <gtest/gtest.h>

#include "device_double.h"

namespace hnbemu::hms {
namespace {

using Kind = Misbehaviour::Kind;

TEST(Script, WhenStepAndSessionAreGiven_ThenOnlyTheirReplyIsTouched) {
  Script script;
  Misbehaviour third;
  third.session = 2;
  third.step = 3;
  third.serial = "10*";
  ASSERT_TRUE(script.add(third));
  EXPECT_TRUE(script.take("1001", 1, 3).empty());
  EXPECT_TRUE(script.take("1001", 2, 2).empty());
  EXPECT_TRUE(script.take("2001", 2, 3).empty());
  EXPECT_EQ(script.take("1001", 2, 3).size(), 1u);
  EXPECT_TRUE(script.take("1001", 2, 3).empty());
}

struct Scripted : testing::Test {
  Hms hms{config_of(Role::serving)};
  DeviceDouble device{hms};

  void script(Kind kind, int code = 0, std::string text = {}) {
    Misbehaviour how;
    how.kind = kind;
    how.code = code;
    how.text = std::move(text);
    ASSERT_TRUE(hms.misbehave(how));
  }
  SessionOutcome outcome() { return hms.journal().devices().front().recent.back().outcome; }
};

TEST_F(Scripted, WhenInformIsAnsweredByAnEmpty200_ThenSessionHasFailed) {
  script(Kind::empty_ok);
  const auto reply = device.inform(henb_inform());
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.empty());
  EXPECT_EQ(outcome(), SessionOutcome::failed);
}

TEST_F(Scripted, WhenInformIsAnsweredBy503_ThenRetryAfterIsSent) {
  script(Kind::status, 503, "12");
  const auto reply = device.inform(henb_inform());
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(find_header(reply.headers, "Retry-After"), "12");
}

TEST_F(Scripted, WhenReplyIsCutInHalf_ThenItIsNoXml) {
  script(Kind::malformed_xml);
  const auto reply = device.inform(henb_inform());
  EXPECT_FALSE(reply.body.empty());
  EXPECT_FALSE(device.last);
}

TEST_F(Scripted, WhenBodyIsGiven_ThenItIsSentAsItIs) {
  script(Kind::body, 0, "<!DOCTYPE x>");
  EXPECT_EQ(device.inform(henb_inform()).body, "<!DOCTYPE x>");
}

TEST_F(Scripted, WhenRequestsAreHeld_ThenHeaderIsOnTheReplyAndSessionGoesOn) {
  script(Kind::hold_requests);
  device.inform(henb_inform());
  EXPECT_EQ(device.last->hold_requests, true);
  EXPECT_EQ(device.empty().status, 200);
  EXPECT_EQ(violations_of(hms), "");
}

TEST_F(Scripted, WhenAcsAsksForTheInformAgain_ThenSecondOneIsServedInTheSameSession) {
  script(Kind::fault, 8005, "try again");
  device.inform(henb_inform());
  EXPECT_EQ(device.got<cwmp::Fault>().code, 8005);
  device.send(henb_inform());
  EXPECT_TRUE(std::holds_alternative<cwmp::InformResponse>(device.last->body));
  EXPECT_EQ(device.empty().status, 200);
  EXPECT_EQ(violations_of(hms), "");
}

TEST_F(Scripted, WhenEventsOfAnUnansweredInformAreDropped_ThenItIsAViolation) {
  device.play(henb_inform());
  script(Kind::drop);
  auto inform = henb_inform();
  inform.events = {{"7 TRANSFER COMPLETE", ""}, {"M Download", "k"}};
  device.inform(inform);
  inform.events = {{"2 PERIODIC", ""}};
  inform.retry_count = 1;
  device.inform(inform);
  EXPECT_TRUE(broke(hms, Rule::event_lost));
  EXPECT_FALSE(broke(hms, Rule::retry_count));
}

TEST_F(Scripted, WhenScriptIsFull_ThenMoreIsRefused) {
  for (std::size_t i = 0; i < Script::kMaxMisbehaviours; ++i) ASSERT_TRUE(hms.misbehave({}));
  EXPECT_FALSE(hms.misbehave({}));
}

}  // namespace
}  // namespace hnbemu::hms
