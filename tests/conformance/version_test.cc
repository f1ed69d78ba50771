#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using cwmp::Version;
using testing::ElementsAre;
using testing::HasSubstr;

HNBEMU_RULE("Version negotiation", "TR-069 A.6", OffersItsVersions,
            "A 1.4 CPE says in its Inform which versions it speaks, and how long it waits") {
  speak("1.4");
  acs->use_version = "1.2";
  power_on();
  EXPECT_EQ(acs->messages.front().envelope.supported_versions, "1.0,1.1,1.2,1.3,1.4");
  EXPECT_EQ(acs->messages.front().envelope.session_timeout, 60u);
}

HNBEMU_RULE("Version negotiation", "TR-069 A.6", RefusesAVersionItDoesNotSpeak,
            "UseCWMPVersion of a version that the CPE does not speak fails the session") {
  speak("1.4");
  acs->use_version = "2.0";
  power_on();
  EXPECT_EQ(device->status().state, device::State::waiting_to_retry);
}

HNBEMU_RULE("Version negotiation", "TR-069 A", EachVersionHasItsNamespace,
            "The Inform is in the namespace of the CPE's version: 1-0, 1-1, and 1-2 from 1.2 on") {
  const std::pair<const char*, const char*> versions[] = {
      {"1.0", "cwmp-1-0"}, {"1.1", "cwmp-1-1"}, {"1.2", "cwmp-1-2"}, {"1.3", "cwmp-1-2"}, {"1.4", "cwmp-1-2"}};
  for (const auto& [version, uri] : versions) {
    speak(version);
    power_on();
    EXPECT_THAT(acs->messages.at(0).request.body, HasSubstr(fmt::format("\"urn:dslforum-org:{}\"", uri)));
    lose_power();
  }
}

HNBEMU_RULE("Version negotiation", "TR-069 3.5", OlderCpesSayNothingOfLaterHeaders,
            "SessionTimeout is said from 1.3 on alone, SupportedCWMPVersions from 1.4 on") {
  for (const std::string version : {"1.0", "1.2", "1.3"}) {
    speak(version);
    power_on();
    EXPECT_EQ(acs->messages.at(0).envelope.session_timeout.has_value(), version == "1.3") << version;
    EXPECT_EQ(acs->messages.at(0).envelope.supported_versions, "") << version;
    lose_power();
  }
}

HNBEMU_RULE("Version negotiation", "TR-069 3.5", OnlyTheInformOffers,
            "SessionTimeout and SupportedCWMPVersions are in the Inform alone") {
  speak("1.4");
  power_on();
  acs->forget();
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  EXPECT_TRUE(acs->messages.at(0).envelope.session_timeout);
  EXPECT_FALSE(acs->messages.at(1).envelope.session_timeout);
  EXPECT_EQ(acs->messages.at(1).envelope.supported_versions, "");
}

HNBEMU_RULE(
    "Version negotiation", "TR-069 A.6", TheAcssChoiceIsSpoken,
    "After UseCWMPVersion the CPE speaks that version for the rest of the session, and offers all in the next") {
  speak("1.4");
  acs->use_version = "1.0";
  power_on();
  acs->forget();
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  EXPECT_EQ(acs->messages.at(0).envelope.version, Version::v1_2);
  EXPECT_EQ(acs->messages.at(1).envelope.version, Version::v1_0);
  session();
  EXPECT_EQ(acs->messages.at(3).envelope.version, Version::v1_2);
}

HNBEMU_RULE("Version negotiation", "TR-069 A", AnOlderAcsIsAnsweredAsItSpeaks,
            "An ACS that answers in an older namespace is spoken to in that one after the Inform") {
  speak("1.2");
  acs->speaks = Version::v1_0;
  power_on();
  acs->forget();
  acs->requests = {cwmp::GetParameterValues{{"Device.Time."}}};
  device->request(cwmp::GetRpcMethods{});
  run_for(Seconds{1});
  ASSERT_THAT(acs->names(), ElementsAre("Inform", "GetRPCMethods", "", "GetParameterValuesResponse"));
  EXPECT_EQ(acs->messages[1].envelope.version, Version::v1_0);
  EXPECT_EQ(acs->messages[3].envelope.version, Version::v1_0);
}

HNBEMU_RULE("Version negotiation", "TR-069 A.6", OlderCpesIgnoreTheChoice,
            "A CPE before 1.4 takes an InformResponse with UseCWMPVersion as any other") {
  speak("1.2");
  acs->use_version = "1.4";
  power_on();
  EXPECT_EQ(device->status().state, device::State::registered);
}

}  // namespace
}  // namespace hnbemu::conformance
