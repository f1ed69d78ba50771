#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr const char* kSecureUrl = "https://other.operator.example/cwmp";

// The device knows its ACS by https from now on.
void move_to_tls(Device& device) {
  device.power_on();
  device.set(kUrl, kSecureUrl);
  device.run_for(Seconds{5});
}

HNBEMU_RULE("Secure CWMP", "TR-069 3.3", AnHttpsUrlMeansTls,
            "With an https ACS URL all messages of a session go by TLS, to port 443 if the URL names none") {
  move_to_tls(*this);
  acs->forget();
  acs->requests = {cwmp::GetRpcMethods{}};
  session();
  ASSERT_THAT(acs->names(), ElementsAre("Inform", "", "GetRPCMethodsResponse"));
  for (const auto& message : acs->messages) {
    EXPECT_EQ(message.request.url.scheme, "https");
    EXPECT_EQ(message.request.url.port, 443);
  }
}

HNBEMU_RULE("Secure CWMP", "TR-069 3.3", ABadCertificateFailsTheSession,
            "An ACS whose certificate is not accepted, or that speaks no TLS, has a failed session with that cause") {
  move_to_tls(*this);
  for (const auto cause : {Cause::tls_certificate, Cause::tls_handshake}) {
    acs->script = {Acs::fail(cause)};
    session();
    ASSERT_TRUE(device->status().error);
    EXPECT_EQ(device->status().error->cause, cause);
    run_for(Seconds{30});
    EXPECT_FALSE(device->status().error);
  }
}

HNBEMU_RULE("Secure CWMP", "TR-069 3.2.1.1", TlsIsTriedAgainAsTls,
            "A session that TLS failed is tried again by the retry table, with its events and RetryCount, by TLS") {
  move_to_tls(*this);
  acs->forget();
  acs->script = {Acs::fail(Cause::tls_handshake), Acs::fail(Cause::tls_certificate)};
  device->inform("X 02A1B2 mine");
  run_for(std::chrono::minutes(2));
  const auto informs = acs->informs();
  ASSERT_THAT(informs, SizeIs(3));
  for (unsigned i = 0; i < 3; ++i) {
    EXPECT_EQ(informs[i].retry_count, i);
    EXPECT_THAT(informs[i].events, ElementsAre(cwmp::EventStruct{"X 02A1B2 mine", ""}));
    EXPECT_EQ(acs->messages[i].request.url.scheme, "https");
  }
  const auto wait = acs->messages[1].at - acs->messages[0].at;
  EXPECT_GE(wait, Seconds{5});
  EXPECT_LE(wait, Seconds{11});
}

HNBEMU_RULE("Secure CWMP", "TR-069 3.3", ATlsFailureInMidSessionFailsIt,
            "TLS that ends in mid-session fails the session, whose events are told again") {
  move_to_tls(*this);
  acs->forget();
  acs->script = {Acs::pass(), Acs::fail(Cause::tls_handshake)};
  device->inform("X 02A1B2 mine");
  run_for(std::chrono::minutes(1));
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(events(), std::vector<std::string>{"X 02A1B2 mine"});
}

HNBEMU_RULE("Secure CWMP", "TR-069 3.4.4", TheDeviceAuthenticatesItself,
            "Every message has the device's Username and Password of ManagementServer for the ACS's challenge") {
  power_on();
  ask(cwmp::SetParameterValues{{{"Device.ManagementServer.Username", "me", "xsd:string"},
                                {"Device.ManagementServer.Password", "s3cret", "xsd:string"}},
                               ""});
  acs->forget();
  session();
  for (const auto& message : acs->messages) {
    EXPECT_EQ(message.request.username, "me");
    EXPECT_EQ(message.request.password, "s3cret");
    EXPECT_EQ(message.request.body.find("s3cret"), std::string::npos);
  }
}

HNBEMU_RULE("Secure CWMP", "TR-069 3.4.4", TheDefaultUsernameNamesTheDevice,
            "The Username that a device leaves the factory with is its OUI and serial number") {
  power_on();
  EXPECT_EQ(value("Device.ManagementServer.Username"), "02A1B2-HENB000001");
}

}  // namespace
}  // namespace hnbemu::conformance
