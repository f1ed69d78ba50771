#include "adapters/connection_requests/gate.h"

#include <gmock/gmock.h>

#include "client.h"

namespace hnbemu::connection_requests {
namespace {

using testing::HasSubstr;

struct GateTest : testing::Test {
  Answer ask(const std::string& authorization, const std::string& method = "GET", const std::string& target = "/Zk3") {
    return gate.answer(
        {method, target, authorization}, access, [this] { return ready; }, now);
  }
  std::string challenge() { return ask("").challenge; }
  unsigned status(const Credentials& credentials) { return ask(credentials.header(challenge())).status; }

  Gate gate;
  ConnectionRequestAccess access{"/Zk3", "acs", "secret"};
  bool ready = true;
  Deadline now{std::chrono::hours(1)};
};

TEST_F(GateTest, WhenTheCredentialsAreRight_ThenTheAnswerIs200) {
  const auto first = ask("");
  EXPECT_EQ(first.status, 401U);
  EXPECT_THAT(first.challenge, HasSubstr("qop=\"auth\""));
  EXPECT_THAT(first.challenge, HasSubstr("algorithm=MD5"));
  EXPECT_EQ(ask(Credentials{}.header(first.challenge)).status, 200U);
}

TEST_F(GateTest, WhenTheCredentialsAreWrong_ThenTheAnswerIsTheSame401WhateverIsWrong) {
  for (const auto& wrong :
       {Credentials{.password = "Secret"}, Credentials{.username = "other"}, Credentials{.uri = "/other"},
        Credentials{.qop = "auth-int"}, Credentials{.qop = ""}, Credentials{.method = "POST"}}) {
    const auto answer = ask(wrong.header(challenge()));
    EXPECT_EQ(answer.status, 401U);
    EXPECT_EQ(answer.challenge, challenge());
  }
  EXPECT_EQ(ask("Basic YWNzOnNlY3JldA==").status, 401U);
}

TEST_F(GateTest, WhenTheDeviceHasNoUserName_ThenNobodyIsAuthenticated) {
  access = {"/Zk3", "", ""};
  EXPECT_EQ(ask("").status, 401U);
  EXPECT_EQ(status({.username = "", .password = ""}), 401U);
}

TEST_F(GateTest, WhenThePasswordChanges_ThenTheNewOneCounts) {
  access.password = "new";
  EXPECT_EQ(status({}), 401U);
  EXPECT_EQ(status({.password = "new"}), 200U);
}

TEST_F(GateTest, WhenTheNonceIsOld_ThenTheChallengeSaysStaleAndTheNextOneServes) {
  const auto first = challenge();
  now += kNonceLife + Seconds{2};
  const auto stale = ask(Credentials{}.header(first));
  EXPECT_EQ(stale.status, 401U);
  EXPECT_THAT(stale.challenge, HasSubstr("stale=true"));
  EXPECT_EQ(ask(Credentials{}.header(stale.challenge)).status, 200U);
}

TEST_F(GateTest, WhenARequestIsSentAgainByWhoOverheardIt_ThenItIsChallenged) {
  const auto nonce = challenge();
  const auto header = Credentials{}.header(nonce);
  EXPECT_EQ(ask(header).status, 200U);
  EXPECT_EQ(ask(header).status, 401U);
  EXPECT_EQ(ask(Credentials{.count = 2}.header(nonce)).status, 200U);  // the ACS itself may use its nonce again
}

TEST_F(GateTest, WhenThePathOrTheMethodIsAnother_ThenItIs404Or405) {
  const auto header = Credentials{}.header(challenge());
  for (const char* target : {"/", "/zk3", "/Zk3/", "/Zk3?x", "", "*", "http://198.51.100.1/Zk3"}) {
    EXPECT_EQ(ask(header, "GET", target).status, 404U) << target;
  }
  for (const char* method : {"POST", "HEAD", "PUT", "get"}) EXPECT_EQ(ask(header, method).status, 405U) << method;
  EXPECT_EQ(ask(header, "POST", "/").status, 404U);
  access.target.clear();
  EXPECT_EQ(ask(header, "GET", "").status, 404U);
}

TEST_F(GateTest, WhenTheDeviceIsInASession_ThenItIs503ForTheAuthenticatedOnly) {
  ready = false;
  EXPECT_EQ(status({}), 503U);
  EXPECT_EQ(status({.password = "wrong"}), 401U);
}

}  // namespace
}  // namespace hnbemu::connection_requests
