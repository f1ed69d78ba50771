#include "cwmp/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cwmp/codec.h"
#include "doubles/cwmp_schema.h"
#include "unit/datamodel/sample_model.h"

namespace hnbemu::cwmp {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// One answer of the ACS.
struct Reply {
  int status = 200;
  std::string body{};
  std::string location{};
};

Reply soap(Body body, std::optional<std::string> id = "1", Version version = Version::v1_0) {
  return {200, encode({version, std::move(id), {}, std::move(body)})};
}

const Reply kAccept = soap(InformResponse{});
const Reply kEmpty{204};

// The device's side of a session, played against answers that the test gives.
class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    config_.device_id = {"Example", "00AABB", "HNB", "0001"};
    config_.inform_parameters = {"Device.DeviceInfo.SerialNumber", "Device.DeviceInfo.UpTime", "Device.Nothing",
                                 "Device.DeviceInfo.UpTime"};
    config_.parameter_key_path = "Device.DeviceInfo.SerialNumber";
    config_.current_time = "2026-03-01T00:00:00Z";
    config_.retry_count = 2;
    events_.push("0 BOOTSTRAP");
    events_.push("1 BOOT");
  }

  void start() { on(session().start()); }
  void reply(const Reply& reply) { on(session().next({reply.status, reply.location, "", reply.body})); }
  void play(std::initializer_list<Reply> replies) {
    start();
    for (const auto& one : replies) reply(one);
  }

  void on(Action action) {
    action_ = std::move(action);
    const auto* sent = std::get_if<Post>(&action_);
    if (sent == nullptr || sent->body.empty()) return;
    if (hnbemu::test::cwmp_schemas_missing().empty()) {
      EXPECT_EQ(hnbemu::test::cwmp_schema_errors(config_.version, sent->body), "") << sent->body;
    }
  }

  Envelope posted() {
    const auto* sent = std::get_if<Post>(&action_);
    if (sent == nullptr) {
      ADD_FAILURE() << "the session does not post";
      return {};
    }
    auto envelope = decode(sent->body);
    EXPECT_TRUE(envelope) << sent->body;
    EXPECT_EQ(sent->message, envelope ? message_name(envelope->body) : "");
    return envelope ? *envelope : Envelope{};
  }
  template <class Message>
  Message posted_message() {
    auto envelope = posted();
    auto* message = std::get_if<Message>(&envelope.body);
    EXPECT_TRUE(message) << message_name(envelope.body);
    return message ? *message : Message{};
  }
  bool posted_nothing() const {
    const auto* sent = std::get_if<Post>(&action_);
    return sent != nullptr && sent->body.empty();
  }

  bool finished() const { return std::holds_alternative<Finished>(action_); }
  Effects effects() {
    const auto* end = std::get_if<Finished>(&action_);
    EXPECT_TRUE(end && end->outcome) << (end ? end->outcome.error().to_string() : "not finished");
    return end && end->outcome ? *end->outcome : Effects{};
  }
  Error error() {
    const auto* end = std::get_if<Finished>(&action_);
    EXPECT_TRUE(end && !end->outcome);
    return end && !end->outcome ? end->outcome.error() : Error{};
  }

  Session& session() {
    if (!session_) session_.emplace(config_, model_, events_, transfers_);
    return *session_;
  }

  SessionConfig config_;
  datamodel::DataModel model_{datamodel::sample_model()};
  EventQueue events_;
  Transfers transfers_;
  std::optional<Session> session_;
  Action action_ = Redirect{};
};

TEST_F(SessionTest, WhenTheSessionStarts_ThenTheInformCarriesEventsTimeRetriesAndParameters) {
  start();
  const auto inform = posted_message<Inform>();
  EXPECT_EQ(inform.device_id, config_.device_id);
  EXPECT_THAT(inform.events, ElementsAre(EventStruct{"0 BOOTSTRAP", ""}, EventStruct{"1 BOOT", ""}));
  EXPECT_EQ(inform.max_envelopes, 1u);
  EXPECT_EQ(inform.current_time, "2026-03-01T00:00:00Z");
  EXPECT_EQ(inform.retry_count, 2u);
  EXPECT_THAT(inform.parameters,  // those that exist, once
              ElementsAre(ParameterValueStruct{"Device.DeviceInfo.SerialNumber", "0001", "xsd:string"},
                          ParameterValueStruct{"Device.DeviceInfo.UpTime", "0", "xsd:unsignedInt"}));
  EXPECT_TRUE(posted().id);
}

TEST_F(SessionTest, WhenTheDeviceHasAnIdOfItsOwn_ThenTheInformCarriesItAndTheAcsMustEchoIt) {
  config_.inform_id = "CPE_1002";
  start();
  EXPECT_EQ(posted().id, "CPE_1002");
  reply(soap(InformResponse{}, "1"));
  EXPECT_EQ(error().cause, Cause::protocol);
}

TEST_F(SessionTest, WhenTheAcsHasNothingToAsk_ThenTheSessionEndsWellAndItsEventsAreDelivered) {
  start();
  reply(kAccept);
  EXPECT_TRUE(posted_nothing());
  EXPECT_TRUE(session().accepted());
  reply(kEmpty);
  EXPECT_TRUE(events_.empty());
  EXPECT_THAT(effects().reboots, testing::IsEmpty());
}

TEST_F(SessionTest, WhenTheAcsEndsWith200AndNoBody_ThenTheSessionEndsWell) {
  for (const auto* body : {"", "\r\n"}) {
    session_.reset();
    play({kAccept, Reply{200, body}});
    effects();
  }
}

TEST_F(SessionTest, WhenTheAcsAsks_ThenEachAnswerCarriesItsId) {
  play({kAccept, soap(SetParameterValues{{{"Device.Mgmt.Enable", "0", "xsd:boolean"}}, "key"}, "id-7")});
  EXPECT_EQ(posted().id, "id-7");
  EXPECT_EQ(posted_message<SetParameterValuesResponse>().status, 0);
  EXPECT_EQ(session().request(), "SetParameterValues");
  reply(soap(GetParameterValues{{"Device.Mgmt.Enable"}}, "id-8"));
  EXPECT_EQ(posted().id, "id-8");
  EXPECT_THAT(posted_message<GetParameterValuesResponse>().parameters,
              ElementsAre(ParameterValueStruct{"Device.Mgmt.Enable", "false", "xsd:boolean"}));
  reply(kEmpty);
  effects();
}

TEST_F(SessionTest, WhenARequestHasNoId_ThenNeitherHasTheAnswer) {
  play({kAccept, soap(GetRpcMethods{}, std::nullopt)});
  EXPECT_FALSE(posted().id);
}

TEST_F(SessionTest, WhenTheAcsSpeaksAnotherVersion_ThenTheAnswersDoToo) {
  config_.version = Version::v1_2;
  play({soap(InformResponse{}, "1", Version::v1_0)});
  config_.version = Version::v1_0;  // of the schema that the answer is held against
  reply(soap(GetRpcMethods{}, "2", Version::v1_0));
  EXPECT_EQ(posted().version, Version::v1_0);
}

TEST_F(SessionTest, WhenTheMethodIsUnknown_ThenFault9000AndTheSessionGoesOn) {
  play({kAccept, soap(UnknownMethod{"Frobnicate"}, "5")});
  EXPECT_EQ(posted().id, "5");
  EXPECT_EQ(posted_message<Fault>().code, 9000);
  reply(soap(GetRpcMethods{}));
  posted_message<GetRpcMethodsResponse>();
}

TEST_F(SessionTest, WhenAHeaderMustBeUnderstood_ThenTheAnswerIsASoapFault) {
  auto request = soap(Reboot{"key"});
  const auto at = request.body.find("<cwmp:ID");
  request.body.insert(at, R"(<cwmp:Foo soap-env:mustUnderstand="1"/>)");
  play({kAccept, request});
  EXPECT_EQ(posted_message<Fault>().soap_code, "MustUnderstand");
  reply(kEmpty);
  EXPECT_THAT(effects().reboots, testing::IsEmpty());
}

TEST_F(SessionTest, WhenARebootIsAskedFor_ThenItIsAnEffectOfTheSession) {
  play({kAccept, soap(Reboot{"key"})});
  posted_message<RebootResponse>();
  reply(kEmpty);
  EXPECT_THAT(effects().reboots, ElementsAre("key"));
}

TEST_F(SessionTest, WhenTheAcsAsksForARetry_ThenTheSameInformIsSentAgainAFewTimes) {
  start();
  const auto first = std::get<Post>(action_).body;
  for (unsigned i = 0; i < Session::kMaxRetries; ++i) {
    reply(soap(Fault{"Server", 8005, "Retry request"}));
    EXPECT_EQ(std::get<Post>(action_).body, first);
  }
  reply(soap(Fault{"Server", 8005, "Retry request"}));
  EXPECT_EQ(error().cause, Cause::cwmp_fault);
  EXPECT_EQ(error().native, 8005);
}

TEST_F(SessionTest, WhenTheAcsRefusesTheInform_ThenTheErrorSaysSo) {
  for (const auto& refusal : {soap(Fault{"Server", 8001, "Request denied"}), Reply{403}}) {
    session_.reset();
    play({refusal});
    EXPECT_EQ(error().cause, Cause::refused_by_hms);
    EXPECT_THAT(events_.pending(), SizeIs(2));
  }
}

TEST_F(SessionTest, WhenTheAcsRedirects_ThenTheDriverIsToldWhereUpToALimit) {
  for (const int status : {301, 302, 307}) {
    session_.reset();
    start();
    for (unsigned i = 0; i < Session::kMaxRedirects; ++i) {
      reply({status, "", "http://other.example/acs"});
      ASSERT_TRUE(std::holds_alternative<Redirect>(action_));
      EXPECT_EQ(std::get<Redirect>(action_).location, "http://other.example/acs");
    }
    reply({status, "", "http://other.example/acs"});
    EXPECT_EQ(error().cause, Cause::protocol);
  }
}

TEST_F(SessionTest, WhenTheAcsRedirectsInMidSession_ThenTheSessionGoesOnThere) {
  play({kAccept, Reply{302, "", "/there"}});
  ASSERT_TRUE(std::holds_alternative<Redirect>(action_));
  reply(soap(GetRpcMethods{}));
  posted_message<GetRpcMethodsResponse>();
}

TEST_F(SessionTest, WhenTheAcsNeverEnds_ThenTheSessionDoes) {
  play({kAccept});
  const auto request = soap(GetRpcMethods{});
  for (unsigned i = 0; i < Session::kMaxRequests; ++i) {
    action_ = session().next({200, "", "", request.body});
    ASSERT_FALSE(finished());
  }
  reply(request);
  EXPECT_EQ(error().cause, Cause::protocol);
}

TEST_F(SessionTest, WhenTheAnswerToTheInformIsNone_ThenTheSessionFailsAndKeepsItsEvents) {
  const Reply answers[] = {Reply{200},
                           Reply{204},
                           Reply{200, "  \n"},
                           soap(GetRpcMethods{}),
                           soap({}),
                           soap(InformResponse{}, "99"),
                           soap(SetParameterValuesResponse{})};
  for (const auto& answer : answers) {
    session_.reset();
    play({answer});
    EXPECT_EQ(error().cause, Cause::protocol) << answer.body;
    EXPECT_FALSE(session().accepted());
    EXPECT_THAT(events_.pending(), SizeIs(2));
  }
}

TEST_F(SessionTest, WhenTheInformResponseHasNoId_ThenItIsTaken) {
  play({soap(InformResponse{}, std::nullopt)});
  EXPECT_TRUE(session().accepted());
}

TEST_F(SessionTest, WhenAfterTheInformSomethingElseThanARequestComes_ThenTheSessionFails) {
  for (const auto& answer : {soap(InformResponse{}), soap({}), soap(UnknownMethod{"KickedResponse"})}) {
    session_.reset();
    play({kAccept, answer});
    EXPECT_EQ(error().cause, Cause::protocol) << answer.body;
  }
}

TEST_F(SessionTest, WhenTheAcsSaysALot_ThenTheErrorIsOneShortLineOfWholeCharacters) {
  std::string text = "a\n";
  while (text.size() < 100'000) text += "\xE2\x82\xAC";
  for (const auto& answer : {soap(Fault{"Server", 8002, text}), soap(InformResponse{}, text)}) {
    session_.reset();
    play({answer});
    const auto detail = error().detail;
    EXPECT_LT(detail.size(), 300u);
    EXPECT_EQ(detail.find('\n'), std::string::npos);
    EXPECT_TRUE(XmlDocument::parse("<a>" + detail + "</a>")) << "not UTF-8: " << detail;
  }
}

// An exchange with every kind of step, replayed with every kind of failure at every step.
class SessionFailureTest : public SessionTest, public testing::WithParamInterface<std::size_t> {
 protected:
  static std::vector<Reply> exchange() {
    return {kAccept, soap(GetParameterValues{{"Device."}}),
            soap(SetParameterValues{{{"Device.Mgmt.Enable", "0", "xsd:boolean"}}, "key"}), soap(Reboot{"key"}), kEmpty};
  }
  void play_until(std::size_t step) {
    session_.reset();
    events_ = {};
    for (const auto* code : {"0 BOOTSTRAP", "1 BOOT", "6 CONNECTION REQUEST"}) events_.push(code);
    start();
    const auto replies = exchange();
    for (std::size_t i = 0; i < step; ++i) reply(replies[i]);
  }
  void expect_failed(Cause cause) {
    EXPECT_EQ(error().cause, cause);
    // 3.2.1.1: a failed session, however far it came, delivers its events again; all but the connection request.
    EXPECT_THAT(events_.pending(), SizeIs(2));
    EXPECT_EQ(session().accepted(), GetParam() > 0);
  }
};

TEST_P(SessionFailureTest, WhenTheTransportFails_ThenTheSessionFailsForThatReason) {
  for (const auto cause : {Cause::network, Cause::timeout, Cause::tls_certificate, Cause::tls_handshake,
                           Cause::tunnel_lost, Cause::cancelled, Cause::resources}) {
    play_until(GetParam());
    on(session().fail(Error{cause, "scripted"}));
    expect_failed(cause);
  }
}

TEST_P(SessionFailureTest, WhenTheAcsAnswersAnHttpError_ThenTheSessionFailsWithItsStatus) {
  for (const int status : {100, 201, 202, 206, 300, 303, 304, 400, 401, 404, 407, 500, 501, 502, 503, 504, 999, 0}) {
    play_until(GetParam());
    reply({status, "<html/>"});
    expect_failed(Cause::http_status);
    EXPECT_EQ(error().native, status);
  }
}

TEST_P(SessionFailureTest, WhenTheBodyIsNoCwmp_ThenTheSessionFails) {
  for (const auto* body : {"not XML", "<html></html>", "<a", "<!DOCTYPE a><a/>", "\xFF\xFE"}) {
    play_until(GetParam());
    reply({200, body});
    expect_failed(Cause::protocol);
  }
}

TEST_P(SessionFailureTest, WhenTheBodyIsCutAtAnyByte_ThenTheSessionFails) {
  const auto whole = exchange()[GetParam()].body;
  for (std::size_t size = 1; size < whole.size(); size += 7) {
    play_until(GetParam());
    reply({200, whole.substr(0, size)});
    expect_failed(Cause::protocol);
  }
}

TEST_P(SessionFailureTest, WhenTheAcsSendsASoapFault_ThenTheSessionFailsWithItsCode) {
  for (const int code : {8000, 8002, 8003, 8004, 8800, 0}) {
    play_until(GetParam());
    reply(soap(Fault{"Server", code, "scripted"}));
    expect_failed(Cause::cwmp_fault);
    EXPECT_EQ(error().native, code);
  }
}

TEST_P(SessionFailureTest, WhenTheBodyIsOverALimit_ThenTheSessionFailsForLackOfResources) {
  play_until(GetParam());
  reply({200, "<a/>" + std::string(XmlLimits{}.bytes, ' ')});
  expect_failed(Cause::resources);
}

TEST_P(SessionFailureTest, WhenARedirectHasNoLocation_ThenTheSessionFails) {
  play_until(GetParam());
  reply({302});
  expect_failed(Cause::protocol);
}

INSTANTIATE_TEST_SUITE_P(EveryStep, SessionFailureTest, testing::Range<std::size_t>(0, 5));

TEST(SessionSchemas, WhenTheSchemasAreThere_ThenEveryPostOfTheseTestsIsHeldAgainstThem) {
  HNBEMU_NEEDS_CWMP_SCHEMAS();
}

}  // namespace
}  // namespace hnbemu::cwmp
