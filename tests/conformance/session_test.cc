#include "cwmp/session.h"
#include "conformance/rule.h"
#include "procedures/cwmp_session.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;

HNBEMU_RULE("Sessions", "TR-069 3.7.1.4", AsksAfterTheInformResponse,
            "The CPE sends its own requests after the InformResponse and before its empty POST") {
  power_on();
  acs->forget();
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "GetRPCMethods", ""));
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
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "Inform", ""));
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 SECOND"));
}

HNBEMU_RULE("Sessions", "TR-069 3.7.1.5", KickedWaitsForItsOwnResponse,
            "5 KICKED is delivered by the KickedResponse: without it event and request are there again") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  device->request(cwmp::Kicked{"a", "b", "c", "d"});
  run_for(Seconds{12});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "Kicked", "Inform", "Kicked", ""));
  EXPECT_THAT(events(), ElementsAre("5 KICKED"));
}

HNBEMU_RULE("Sessions", "TR-069 A.5.2", ARequestIsRetriedWhenAsked,
            "Fault 8005 to the CPE's request: it is made again in the session") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), acs->say(cwmp::Fault{"Server", 8005, "again"})};
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "GetRPCMethods", "GetRPCMethods", ""));
}

HNBEMU_RULE("Sessions", "TR-069 A.5.2", AFaultIsAnAnswer,
            "Another fault to the CPE's request is its answer: the session goes on, and it is not made again") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), acs->say(cwmp::Fault{"Server", 8000, "what?"})};
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{60});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "GetRPCMethods", ""));
}

HNBEMU_RULE("Sessions", "TR-069 3.7.2.4", ASessionHasAnEnd, "An ACS that asks without end has a failed session") {
  power_on();
  acs->forget();
  acs->requests.assign(cwmp::Session::kMaxRequests + 10, cwmp::AddObject{"Device.", ""});
  device->inform("6 CONNECTION REQUEST");
  run_for(std::chrono::minutes(2));
  EXPECT_GT(acs->informs().size(), 1u);
  EXPECT_EQ(acs->informs()[1].retry_count, 1u);
}

HNBEMU_RULE("Sessions", "TR-069 3.7.2.4", ASessionHasALongestTime,
            "An ACS that keeps a session for longer than an hour has a failed session") {
  power_on();
  acs->forget();
  acs->answer_time = Seconds{50};
  acs->requests.assign(100, cwmp::GetRpcMethods{});
  device->inform("6 CONNECTION REQUEST");
  run_for(procedures::kLongestSession + std::chrono::minutes(5));
  ASSERT_GT(acs->informs().size(), 1u);
  EXPECT_EQ(acs->informs()[1].retry_count, 1u);
  const auto next = std::ranges::find(acs->messages.begin() + 1, acs->messages.end(), "Inform", &Message::name);
  EXPECT_GT((next - 1)->at, acs->messages.front().at + procedures::kLongestSession - std::chrono::minutes(1));
}

HNBEMU_RULE("Sessions", "TR-069 3.4.1", TheConnectionEndsWithTheSession,
            "The connection and the cookies of a session end with it, be it well or badly") {
  power_on();
  const auto before = acs->sessions;
  session();
  EXPECT_EQ(acs->sessions, before + 1);
  acs->script = {Acs::answer(http(500))};
  session();
  EXPECT_EQ(acs->sessions, before + 2);
}

}  // namespace
}  // namespace hnbemu::conformance
