#include "adapters/connection_requests/gate.h"
#include "conformance/rule.h"
#include "unit/adapters_connection_requests/client.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kRequestUrl = "Device.ManagementServer.ConnectionRequestURL";

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", ARequestBeginsASession,
            "A connection request begins a session with 6 CONNECTION REQUEST") {
  power_on();
  acs->forget();
  EXPECT_TRUE(connection_requests.request());
  run_for(Seconds{1});
  EXPECT_THAT(acs->informs(), SizeIs(1));
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2.1", InASessionItIsBusy,
            "A connection request during a session is refused, and begins no session after it") {
  power_on();
  acs->forget();
  device->inform("2 PERIODIC");
  run_for(Millis{5});
  EXPECT_FALSE(connection_requests.request());
  run_for(Seconds{5});
  EXPECT_THAT(acs->informs(), SizeIs(1));
  EXPECT_TRUE(connection_requests.request());
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", WithoutServiceThereIsNone,
            "A CPE that reboots takes no connection request") {
  power_on();
  ask(cwmp::Reboot{""});
  EXPECT_FALSE(connection_requests.request());
  run_for(profile.boot_time + kEnough);
  EXPECT_TRUE(connection_requests.request());
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", CredentialsCountAtOnce,
            "Credentials for connection requests count from when they are set") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.ConnectionRequestUsername", "user", "xsd:string"},
                                {"Device.ManagementServer.ConnectionRequestPassword", "secret", "xsd:string"}},
                               ""});
  EXPECT_EQ(connection_requests.access().username, "user");
  EXPECT_EQ(connection_requests.access().password, "secret");
  lose_power();
  power_on();
  EXPECT_EQ(connection_requests.access().password, "secret");
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheTargetIsNotGuessed,
            "The path of ConnectionRequestURL is hard to guess, and each device's own") {
  power_on();
  Device other;
  other.power_on();
  EXPECT_GT(connection_requests.access().target.size(), 16u);
  EXPECT_NE(connection_requests.access().target, other.connection_requests.access().target);
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheUrlIsTheSameAfterABoot,
            "ConnectionRequestURL is the same after a loss of power") {
  power_on();
  const auto url = value(kRequestUrl);
  lose_power();
  power_on();
  EXPECT_EQ(value(kRequestUrl), url);
  EXPECT_THAT(url, Not(IsEmpty()));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheUrlIsAnotherAfterAReset,
            "After a factory reset the path of ConnectionRequestURL is another") {
  power_on();
  const auto target = connection_requests.access().target;
  ask(cwmp::FactoryReset{});
  run_for(profile.boot_time + kEnough);
  EXPECT_NE(connection_requests.access().target, target);
  EXPECT_THAT(value(kRequestUrl), testing::EndsWith(connection_requests.access().target));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", EachRequestIsASession,
            "Connection requests one after the other are a session each") {
  power_on();
  acs->forget();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(connection_requests.request());
    run_for(Seconds{1});
  }
  EXPECT_THAT(acs->informs(), SizeIs(3));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TooManyAreRefused,
            "A CPE limits the connection requests that it accepts in a given time") {
  power_on();
  acs->forget();
  for (std::size_t i = 0; i < procedures::RequestWindow::kMaxRequests; ++i) {
    EXPECT_TRUE(connection_requests.request());
    run_for(Seconds{1});
  }
  EXPECT_FALSE(connection_requests.request());
  EXPECT_THAT(acs->informs(), SizeIs(procedures::RequestWindow::kMaxRequests));
  run_for(procedures::RequestWindow::kLength);
  EXPECT_TRUE(connection_requests.request());
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", TheSessionBeginsWithin30Seconds,
            "The session begins within 30 s of the request that was accepted, whatever was to be waited for") {
  power_on();
  acs->forget();
  acs->script = {Acs::fail(Cause::network)};
  session("2 PERIODIC");  // fails: the next one would be by the retry table
  const auto asked = clock.now();
  EXPECT_TRUE(connection_requests.request());
  run_for(Seconds{1});
  ASSERT_THAT(acs->messages, Not(IsEmpty()));
  EXPECT_LT(acs->messages.back().at - asked, Seconds{30});
  EXPECT_THAT(events(), testing::Contains("6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2.1", RequestsBeforeTheSessionAreOne,
            "Requests that were accepted before their session began are one session") {
  power_on();
  acs->forget();
  EXPECT_TRUE(connection_requests.request());
  EXPECT_TRUE(connection_requests.request());
  run_for(Seconds{10});
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_RULE("Connection requests", "TR-181 HTTPConnectionRequestEnable", TheWayByHttpCanBeClosed,
            "With HTTPConnectionRequestEnable false no HTTP request reaches the CPE") {
  power_on();
  ASSERT_TRUE(set("Device.ManagementServer.HTTPConnectionRequestEnable", "0", "xsd:boolean"));
  EXPECT_EQ(connection_requests.access().target, "");
  ASSERT_TRUE(set("Device.ManagementServer.HTTPConnectionRequestEnable", "1", "xsd:boolean"));
  EXPECT_NE(connection_requests.access().target, "");
}

// The device's own access at the gate that every HTTP request passes.
class AtTheGate {
 public:
  explicit AtTheGate(Device& device) : access_(device.connection_requests.access()) {
    access_.username = "acs";
    access_.password = "secret";
  }
  connection_requests::Answer ask(const std::string& authorization, const std::string& method = "GET") {
    return gate_.answer(
        {method, access_.target, authorization}, access_, [] { return true; }, now);
  }
  unsigned status(connection_requests::Credentials credentials, const std::string& method = "GET") {
    credentials.uri = access_.target;
    return ask(credentials.header(ask("").challenge), method).status;
  }
  const std::string& target() const { return access_.target; }
  Deadline now{std::chrono::hours(1)};

 private:
  ConnectionRequestAccess access_;
  connection_requests::Gate gate_;
};

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", DigestIsRequired,
            "Who does not authenticate by Digest is challenged; who does gets 200") {
  power_on();
  AtTheGate gate(*this);
  EXPECT_EQ(gate.ask("").status, 401U);
  EXPECT_THAT(gate.ask("").challenge, testing::StartsWith("Digest "));
  EXPECT_EQ(gate.ask("Basic YWNzOnNlY3JldA==").status, 401U);
  EXPECT_EQ(gate.status({.password = "wrong"}), 401U);
  EXPECT_EQ(gate.status({}), 200U);
}

HNBEMU_RULE(
    "Connection requests", "RFC 2617 3.3", AnOldNonceIsStale,
    "Credentials of an old nonce are answered with a new one and stale=true, those of a foreign one are challenged") {
  power_on();
  AtTheGate gate(*this);
  const auto old = gate.ask("").challenge;
  gate.now += connection_requests::kNonceLife + Seconds{2};
  const auto answer = gate.ask(connection_requests::Credentials{.uri = gate.target()}.header(old));
  EXPECT_EQ(answer.status, 401U);
  EXPECT_THAT(answer.challenge, testing::HasSubstr("stale=true"));
  connection_requests::Credentials foreign{.uri = gate.target()};
  EXPECT_EQ(gate.ask(foreign.header("Digest realm=\"CWMP\", nonce=\"5-abc\", qop=\"auth\"")).status, 401U);
}

HNBEMU_RULE("Connection requests", "RFC 2617 3.2.1", AnotherQopIsRefused,
            "The protection that the challenge names, qop=auth, is the only one that is taken") {
  power_on();
  AtTheGate gate(*this);
  EXPECT_EQ(gate.status({.qop = "auth-int"}), 401U);
  EXPECT_EQ(gate.status({.qop = ""}), 401U);
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", OnlyGetIsAConnectionRequest,
            "A connection request is a GET; any other method is refused") {
  power_on();
  AtTheGate gate(*this);
  for (const char* method : {"HEAD", "POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(gate.status({.method = method}, method), 405U) << method;
  }
}

HNBEMU_RULE("Connection requests", "TR-069 3.2.2", WhoListensCannotAskAgain,
            "A request that was overheard, and is sent again, begins no session") {
  power_on();
  AtTheGate gate(*this);
  const auto header = connection_requests::Credentials{.uri = gate.target()}.header(gate.ask("").challenge);
  EXPECT_EQ(gate.ask(header).status, 200U);
  EXPECT_EQ(gate.ask(header).status, 401U);
}

}  // namespace
}  // namespace hnbemu::conformance
