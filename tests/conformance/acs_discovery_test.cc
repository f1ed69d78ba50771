#include "conformance/rule.h"
#include "dhcp/acs_options.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::chrono::minutes kUntilRenewal{31};  // of a lease of an hour

// A device without an ACS, with an outer address by DHCP.
void find_acs_by_dhcp(Device& device, const std::string& url) {
  device.by_dhcp = true;
  device.access_link.tell_acs(url, "blue", "7", "3000");
  device.make_device();
  device.power_on();
}

std::vector<std::string> hosts(const Device& device) {
  std::vector<std::string> hosts;
  for (const auto& message : device.acs->messages) {
    if (message.name == "Inform") hosts.push_back(message.request.url.host);
  }
  return hosts;
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", CpeSaysThatItIsOne,
            "A CPE that asks DHCP for its ACS says dslforum.org in option 60 or 124") {
  find_acs_by_dhcp(*this, kAcsUrl);
  ASSERT_FALSE(access_link.heard.empty());
  for (const auto& message : access_link.heard) {
    EXPECT_THAT(message.options.at(dhcp::option::vendor_class), HasSubstr("dslforum.org"));
    EXPECT_EQ(message.options.at(dhcp::option::vi_vendor_class), dhcp::cwmp_vi_class());
  }
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", DhcpGivesTheAcs,
            "The ACS URL, ProvisioningCode and retry parameters of DHCP are the device's first ones") {
  find_acs_by_dhcp(*this, kAcsUrl);
  EXPECT_EQ(value(kUrl), kAcsUrl);
  EXPECT_EQ(value("Device.DeviceInfo.ProvisioningCode"), "blue");
  EXPECT_EQ(value("Device.ManagementServer.CWMPRetryMinimumWaitInterval"), "7");
  EXPECT_EQ(value("Device.ManagementServer.CWMPRetryIntervalMultiplier"), "3000");
  ASSERT_FALSE(acs->informs().empty());
  EXPECT_THAT(acs->informs()[0].events,
              ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}, cwmp::EventStruct{"1 BOOT", ""}));
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", NullAtTheEndIsNoPart, "A null at the end of a DHCP value is no part of it") {
  find_acs_by_dhcp(*this, kAcsUrl + std::string(1, '\0'));
  EXPECT_EQ(value(kUrl), kAcsUrl);
  EXPECT_THAT(hosts(*this), Not(IsEmpty()));
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", OnlyHttpUrlsAreTaken,
            "An ACS URL of DHCP that is no http or https is not taken") {
  find_acs_by_dhcp(*this, "ftp://acs.operator.example/");
  run_for(std::chrono::minutes(10));
  EXPECT_EQ(value(kUrl), "");
  EXPECT_THAT(acs->messages, IsEmpty());
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", AnotherUrlOfDhcpIsBootstrapped,
            "Another ACS URL of DHCP is another ACS, with 0 BOOTSTRAP, as long as the ACS has not set one") {
  find_acs_by_dhcp(*this, kAcsUrl);
  acs->forget();
  access_link.tell_acs(kOtherUrl);
  run_for(kUntilRenewal);
  EXPECT_EQ(value(kUrl), kOtherUrl);
  ASSERT_THAT(hosts(*this), ElementsAre("other.operator.example"));
  EXPECT_THAT(acs->informs()[0].events, ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}));
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", UrlOfTheAcsStays,
            "A URL that the ACS has set is used from then on, whatever DHCP says") {
  find_acs_by_dhcp(*this, kAcsUrl);
  set(kUrl, kOtherUrl);
  run_for(kEnough);
  access_link.tell_acs("http://third.operator.example/");
  run_for(kUntilRenewal);
  EXPECT_EQ(value(kUrl), kOtherUrl);
  lose_power();
  power_on();
  EXPECT_EQ(value(kUrl), kOtherUrl);
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", UnreachableAcsIsLookedForAgain,
            "An ACS out of reach for 300 s is looked for by DHCP again, if DHCP had found the first one") {
  find_acs_by_dhcp(*this, kAcsUrl);
  set(kUrl, "http://gone.operator.example/");  // no such name
  run_for(std::chrono::minutes(4));
  EXPECT_EQ(value(kUrl), "http://gone.operator.example/");
  acs->forget();
  run_for(std::chrono::minutes(20));
  EXPECT_EQ(value(kUrl), kAcsUrl);
  EXPECT_THAT(hosts(*this), ElementsAre("acs.operator.example"));
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", ConfiguredAcsIsNotLookedForByDhcp,
            "A device whose ACS was configured does not ask DHCP for another when it is out of reach") {
  power_on();
  set(kUrl, "http://gone.operator.example/");
  run_for(std::chrono::minutes(30));
  EXPECT_EQ(value(kUrl), "http://gone.operator.example/");
  EXPECT_THAT(access_link.heard, IsEmpty());
}

HNBEMU_RULE("ACS discovery", "TR-069 3.2.1.1", FirstRetryOfAFoundAcsWaits,
            "A session that fails with an ACS just found by DHCP is tried again by the retry table, like any other") {
  acs->script.push_back(Acs::fail(Cause::network));
  find_acs_by_dhcp(*this, kAcsUrl);
  EXPECT_THAT(hosts(*this), SizeIs(1));
  run_for(Seconds{30});
  EXPECT_THAT(hosts(*this), SizeIs(2));
}

HNBEMU_RULE("ACS discovery", "TR-069 3.1", FactoryResetForgetsTheAcs,
            "After a factory reset the ACS is found by DHCP again, and the device says 0 BOOTSTRAP there") {
  find_acs_by_dhcp(*this, kAcsUrl);
  set(kUrl, kOtherUrl);
  run_for(kEnough);
  acs->forget();
  device->factory_reset();
  run_for(std::chrono::minutes(1));
  EXPECT_EQ(value(kUrl), kAcsUrl);
  ASSERT_THAT(hosts(*this), ElementsAre("acs.operator.example"));
  EXPECT_THAT(acs->informs()[0].events,
              ElementsAre(cwmp::EventStruct{"0 BOOTSTRAP", ""}, cwmp::EventStruct{"1 BOOT", ""}));
}

HNBEMU_RULE("ACS discovery", "TR-069 3.7.1.5", KnownAcsIsNotBootstrappedAgain,
            "A device that finds the ACS that it knows again by DHCP says 1 BOOT alone") {
  find_acs_by_dhcp(*this, kAcsUrl);
  lose_power();
  acs->forget();
  power_on();
  ASSERT_FALSE(acs->informs().empty());
  EXPECT_THAT(acs->informs()[0].events, ElementsAre(cwmp::EventStruct{"1 BOOT", ""}));
}

}  // namespace
}  // namespace hnbemu::conformance
