#include "hms/hms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device_double.h"

namespace hnbemu::hms {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;

struct HmsTest : testing::Test {
  Deadline now{};
  Config config = config_of(Role::serving);
  std::unique_ptr<Hms> made;
  Hms& hms() {
    if (!made) made = std::make_unique<Hms>(config, [this] { return now; });
    return *made;
  }
};

auto sets(const std::string& name, const std::string& value) {
  return Contains(
      AllOf(Field(&cwmp::ParameterValueStruct::name, name), Field(&cwmp::ParameterValueStruct::value, value)));
}

TEST_F(HmsTest, WhenHenbRegistersWithServingHms_ThenItIsProvisionedWithoutViolation) {
  DeviceDouble device(hms());
  EXPECT_EQ(device.inform(henb_inform()).status, 200);
  EXPECT_TRUE(std::holds_alternative<cwmp::InformResponse>(device.last->body));
  EXPECT_EQ(device.empty().status, 200);
  device.answer(DeviceDouble::good_answer(device.got<cwmp::GetParameterValues>()));
  const auto set = device.got<cwmp::SetParameterValues>();
  EXPECT_EQ(set.parameter_key, "registration-1");
  EXPECT_THAT(set.parameters, sets("Device.Services.FAPService.1.FAPControl.LTE.AdminState", "true"));
  device.answer(cwmp::SetParameterValuesResponse{});
  const auto attributes = device.got<cwmp::SetParameterAttributes>().parameters;
  EXPECT_EQ(attributes.at(0).name, "Device.FaultMgmt.ExpeditedEvent.");
  EXPECT_EQ(attributes.at(0).notification, 2u);
  EXPECT_EQ(attributes.at(1).notification, 1u);
  device.answer(cwmp::SetParameterAttributesResponse{});
  EXPECT_THAT(device.got<cwmp::GetParameterValues>().names,
              Contains("Device.Services.FAPService.1.FAPControl.LTE.OpState"));
  EXPECT_EQ(device.answer(DeviceDouble::good_answer(device.got<cwmp::GetParameterValues>())).status, 204);

  const auto record = hms().journal().device(kHenb);
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->provisioned);
  EXPECT_EQ(record->clean_sessions, 1u);
  EXPECT_EQ(record->recent.back().outcome, SessionOutcome::clean);
  EXPECT_EQ(record->recent.back().exchanges.size(), 4u);
  EXPECT_EQ(record->values.at("Device.Services.FAPService.1.FAPControl.LTE.OpState"), "1");
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenHnbMeetsInitialHms_ThenServingElementsAreSetInOneCall) {
  config = config_of(Role::initial);
  config.rules[0].serving_segw = "segw.example";
  config.rules[0].serving_hms = "https://hms.example/";
  config.rules[0].gateway = "10.0.0.9";
  DeviceDouble device(hms());
  device.inform(hnb_inform());
  device.empty();
  device.answer(DeviceDouble::good_answer(device.got<cwmp::GetParameterValues>()));
  const std::string gateway = "InternetGatewayDevice.Services.FAPService.1.FAPControl.UMTS.Gateway.";
  const auto set = device.got<cwmp::SetParameterValues>();
  EXPECT_THAT(set.parameters, sets(gateway + "SecGWServer1", "segw.example"));
  EXPECT_THAT(set.parameters, sets(gateway + "FAPGWServer1", "10.0.0.9"));
  EXPECT_THAT(set.parameters, sets("InternetGatewayDevice.ManagementServer.URL", "https://hms.example/"));
  EXPECT_EQ(device.answer(cwmp::SetParameterValuesResponse{}).status, 204);
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenLocationIsOutside_ThenInformIsAnsweredByFaultAndDeviceStaysOut) {
  config.rules[0].match.location = BoundingBox{40, 41, 6, 7};
  ProvisioningRule elsewhere = default_rule(Role::serving);
  elsewhere.refusal = Refusal::cwmp_fault;
  config.rules.push_back(elsewhere);
  DeviceDouble device(hms());
  EXPECT_EQ(device.inform(henb_inform()).status, 200);
  EXPECT_EQ(device.got<cwmp::Fault>().code, 8001);
  const auto record = hms().journal().device(kHenb);
  EXPECT_EQ(record->recent.back().outcome, SessionOutcome::refused);
  EXPECT_FALSE(record->provisioned);

  // The retry carries RetryCount 1 and its events again: no breach.
  auto again = henb_inform();
  again.retry_count = 1;
  device.inform(again);
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenRuleRefusesByHttpStatus_ThenInformIsAnsweredBy403) {
  config.rules[0].refusal = Refusal::http_status;
  DeviceDouble device(hms());
  EXPECT_EQ(device.inform(henb_inform()).status, 403);
}

TEST_F(HmsTest, WhenRuleGivesNoServingElements_ThenSessionEndsWellWithNothingSet) {
  config.rules[0].refusal = Refusal::no_serving_elements;
  DeviceDouble device(hms());
  EXPECT_EQ(device.play(henb_inform()), 204);
  EXPECT_EQ(hms().journal().device(kHenb)->refused_sessions, 1u);
}

TEST_F(HmsTest, WhenProvisionedDeviceComesAgain_ThenOnlyItsStatesAreRead) {
  DeviceDouble device(hms());
  device.play(henb_inform());
  auto periodic = henb_inform();
  periodic.events = {{"2 PERIODIC", ""}};
  device.inform(periodic);
  device.empty();
  EXPECT_EQ(device.got<cwmp::GetParameterValues>().names.size(), 2u);
  EXPECT_EQ(device.answer(DeviceDouble::good_answer(device.last->body)).status, 204);
  EXPECT_EQ(violations_of(hms()), "");
}

// A small tree without PerfMgmt.
TEST_F(HmsTest, WhenADeviceHasNoMeasurement_ThenItIsProvisionedAllTheSame) {
  config.rules[0].measurement_url = "https://hms.example/pm/";
  DeviceDouble device(hms());
  device.inform(henb_inform());
  device.empty();
  int refused = 0;
  for (int i = 0; i < 10 && device.last; ++i) {
    const auto* const set = std::get_if<cwmp::SetParameterValues>(&device.last->body);
    const bool measures = set != nullptr && set->parameters[0].name.find("PerfMgmt") != std::string::npos;
    if (measures) ++refused;
    measures ? device.answer(cwmp::Fault{"Client", 9003, "invalid", {{"Device.FAP.PerfMgmt.", 9005, "none"}}})
             : device.answer(DeviceDouble::good_answer(device.last->body));
  }
  EXPECT_EQ(refused, 1);
  EXPECT_TRUE(hms().journal().devices().front().provisioned);
}

TEST_F(HmsTest, WhenSetParameterValuesFails_ThenDeviceIsNotProvisioned) {
  DeviceDouble device(hms());
  device.inform(henb_inform());
  device.empty();
  device.answer(DeviceDouble::good_answer(device.last->body));
  device.answer(cwmp::Fault{"Client", 9003, "invalid", {}});
  device.answer(DeviceDouble::good_answer(device.last->body));
  device.answer(DeviceDouble::good_answer(device.last->body));
  const auto record = hms().journal().device(kHenb);
  EXPECT_FALSE(record->provisioned);
  EXPECT_TRUE(record->recent.back().exchanges[1].fault);
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenRequestIsQueued_ThenNextSessionCarriesIt) {
  DeviceDouble device(hms());
  device.play(henb_inform());
  ASSERT_TRUE(hms().enqueue(std::string(kHenb), cwmp::Reboot{"key"}));
  auto inform = henb_inform();
  inform.events = {{"6 CONNECTION REQUEST", ""}};
  device.inform(inform);
  device.empty();
  device.answer(DeviceDouble::good_answer(device.last->body));
  EXPECT_EQ(device.got<cwmp::Reboot>().command_key, "key");
}

TEST_F(HmsTest, WhenDeviceAsksForMethods_ThenAcsMethodsAreListed) {
  DeviceDouble device(hms());
  device.inform(henb_inform());
  device.send(cwmp::GetRpcMethods{}, "77");
  EXPECT_EQ(device.last->id, "77");
  EXPECT_THAT(device.got<cwmp::GetRpcMethodsResponse>().methods, Contains("Inform"));
  device.send(cwmp::UnknownMethod{"X_02A1B2_Ask"});
  EXPECT_EQ(device.got<cwmp::Fault>().code, 8000);
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenConnectionClosesMidSessionAndDeviceReturnsByCookie_ThenSessionGoesOn) {
  DeviceDouble device(hms());
  device.inform(henb_inform());
  hms().connection_closed(1);
  DeviceDouble other(hms(), 2);
  other.cookie = device.cookie;
  EXPECT_EQ(other.empty().status, 200);
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenDeviceFallsSilent_ThenSessionFails) {
  DeviceDouble device(hms());
  device.inform(henb_inform());
  now += std::chrono::minutes(2);
  DeviceDouble(hms(), 9).inform(hnb_inform());
  EXPECT_EQ(hms().journal().device(kHenb)->recent.back().outcome, SessionOutcome::failed);
}

TEST_F(HmsTest, WhenSecondSessionIsOpenedBesideTheFirst_ThenItIsAViolation) {
  DeviceDouble first(hms(), 1);
  first.inform(henb_inform());
  DeviceDouble second(hms(), 2);
  second.inform(henb_inform());
  EXPECT_TRUE(broke(hms(), Rule::concurrent_session));
}

TEST_F(HmsTest, WhenCookieIsNotReturned_ThenItIsAViolationAndSessionGoesOn) {
  DeviceDouble device(hms());
  device.inform(henb_inform());
  device.cookie.clear();
  EXPECT_EQ(device.empty().status, 200);
  EXPECT_TRUE(broke(hms(), Rule::cookie_missing));
}

TEST_F(HmsTest, WhenCookieIsUnknown_ThenRequestIsRefused) {
  DeviceDouble device(hms());
  device.cookie = "hnbemu-session=0123";
  EXPECT_EQ(device.empty().status, 400);
  EXPECT_TRUE(broke(hms(), Rule::cookie_unknown));
}

TEST_F(HmsTest, WhenCookieOutlivesItsSession_ThenItIsAViolation) {
  DeviceDouble device(hms());
  device.play(henb_inform());
  auto inform = henb_inform();
  inform.events = {{"2 PERIODIC", ""}};
  device.send(inform);
  EXPECT_TRUE(broke(hms(), Rule::cookie_stale));
}

TEST_F(HmsTest, WhenBootstrapIsRepeatedWithoutReason_ThenItIsAViolation) {
  DeviceDouble device(hms());
  device.play(henb_inform());
  device.play(henb_inform());
  EXPECT_TRUE(broke(hms(), Rule::bootstrap_repeated));
}

TEST_F(HmsTest, WhenAcsUrlWasSetAndDeviceReturns_ThenBootstrapIsAllowed) {
  config = config_of(Role::initial);
  config.rules[0].serving_hms = "https://other.example/";
  DeviceDouble device(hms());
  device.play(henb_inform());
  device.play(henb_inform());
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenFirstContactIsWithoutBootstrap_ThenItIsAViolation) {
  auto inform = henb_inform();
  inform.events = {{"1 BOOT", ""}};
  DeviceDouble(hms()).inform(inform);
  EXPECT_TRUE(broke(hms(), Rule::bootstrap_missing));
}

TEST_F(HmsTest, WhenDevicesMayHaveMemory_ThenFirstContactNeedsNoBootstrap) {
  config.first_contact_is_bootstrap = false;
  auto inform = henb_inform();
  inform.events = {{"1 BOOT", ""}};
  DeviceDouble(hms()).inform(inform);
  EXPECT_EQ(violations_of(hms()), "");
}

TEST_F(HmsTest, WhenMethodIsNotPost_ThenItIsRefusedAndRecorded) {
  DeviceDouble device(hms());
  HttpRequest request = device.request_of("");
  request.method = "GET";
  EXPECT_EQ(hms().handle(request).status, 405);
  EXPECT_TRUE(broke(hms(), Rule::http_method));
}

TEST_F(HmsTest, WhenBodyIsNoCwmp_ThenItIsRefusedAndRecorded) {
  DeviceDouble device(hms());
  EXPECT_EQ(device.post("<garbage").status, 400);
  EXPECT_TRUE(broke(hms(), Rule::namespace_uri));
  EXPECT_EQ(device.post("<x xmlns='urn:dslforum-org:cwmp-1-0'>").status, 400);
  EXPECT_TRUE(broke(hms(), Rule::malformed_soap));
}

TEST_F(HmsTest, WhenCertificateIsOfAnotherDevice_ThenItIsAViolation) {
  config.client_certificate_required = true;
  DeviceDouble device(hms());
  cwmp::Envelope envelope;
  envelope.id = "1";
  envelope.body = henb_inform();
  HttpRequest request = device.request_of(cwmp::encode(envelope));
  request.tls = true;
  request.certificate = ClientCertificate{{"00C0FF-9999"}, true};
  device.post(request);
  EXPECT_TRUE(broke(hms(), Rule::client_certificate));
}

TEST_F(HmsTest, WhenJournalIsWaitedFor_ThenItTellsOfTheSession) {
  DeviceDouble(hms()).play(henb_inform());
  EXPECT_TRUE(
      hms().journal().wait([](const auto& c) { return c.devices.at(std::string(kHenb)).provisioned; }, Millis(1000)));
  EXPECT_FALSE(hms().journal().wait([](const auto& c) { return c.violation_count > 0; }, Millis(1)));
}

}  // namespace
}  // namespace hnbemu::hms
