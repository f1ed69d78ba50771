#include <gmock/gmock.h>

#include "simulated_network.h"

namespace hnbemu {
namespace {

using device::State;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Seconds kEnoughByDhcp{15};
constexpr const char* kTable = "Device.DHCPv4.Client.1.";
const std::string kInitialUrl = fmt::format("https://{}:7547/cwmp", kInitialHms);

// A HeNB whose outer address comes by DHCP.
class AccessByDhcp : public testing::Test {
 protected:
  AccessByDhcp() {
    network_.by_dhcp = true;
    network_.make_device();
  }
  void start(Millis time = kEnoughByDhcp) {
    network_.start();
    network_.run_for(time);
  }
  std::string value(const std::string& name) {
    return network_.device->model().value(kTable + name).value_or("(none)");
  }
  void find_hms_by_dhcp() {
    network_.factory = {kInitialSegw, "", "", "", procedures::HmsByDhcp::initial};
    network_.make_device();
  }

  SimulatedNetwork network_{"lte-henb"};
  doubles::ScriptedAccessLink& link_{network_.access_link};
};

TEST_F(AccessByDhcp, WhenServerGivesAnAddress_ThenTheDeviceComesIntoServiceWithIt) {
  start();
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(link_.configured, (Prefix{link_.address, 31}));
  EXPECT_EQ(network_.device->status().outer_address, link_.address);
  EXPECT_EQ(network_.value("outer_address"), "100.64.0.1");
  EXPECT_FALSE(link_.is_open) << "an idle client holds no descriptor";
}

TEST_F(AccessByDhcp, WhenBound_ThenTheDataModelSaysSo) {
  start();
  EXPECT_EQ(value("DHCPStatus"), "Bound");
  EXPECT_EQ(value("IPAddress"), "100.64.0.1");
  EXPECT_EQ(value("SubnetMask"), "255.255.255.254");
  EXPECT_EQ(value("IPRouters"), "100.64.0.0");
  EXPECT_EQ(value("DNSServers"), "198.18.0.53");
  EXPECT_EQ(value("DHCPServer"), "100.64.0.0");
  EXPECT_EQ(value("Interface"), "Device.IP.Interface.1");
  EXPECT_GT(std::stoi(value("LeaseTimeRemaining")), 3500);
  EXPECT_EQ(network_.device->model().value("Device.IP.Interface.1.IPv4Address.1.AddressingType"), "DHCP");
  EXPECT_THAT((std::vector{value("SentOption.1.Tag"), value("SentOption.2.Tag"), value("SentOption.3.Tag")}),
              Contains("60"));
}

TEST_F(AccessByDhcp, WhenServerIsSilent_ThenTheDeviceWaitsAndComesWhenItSpeaks) {
  link_.silent = true;
  start(std::chrono::minutes(5));
  EXPECT_EQ(network_.state(), State::waiting_to_retry);
  EXPECT_TRUE(network_.device->status().outer_address.is_unspecified());
  EXPECT_FALSE(link_.configured);
  link_.silent = false;
  network_.run_for(std::chrono::minutes(2));
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_F(AccessByDhcp, WhenThisMachineFails_ThenItIsSaidAndTriedAgain) {
  link_.fault = Error{Cause::resources, "no descriptor"};
  start(std::chrono::minutes(1));
  EXPECT_NE(network_.state(), State::in_service);
  EXPECT_TRUE(link_.heard.empty());
  link_.fault.reset();
  network_.run_for(std::chrono::minutes(2));
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_F(AccessByDhcp, WhenLeaseIsRenewed_ThenServiceGoesOn) {
  start();
  const auto informs = SimulatedNetwork::informs(network_.serving()).size();
  link_.heard.clear();
  network_.run_for(std::chrono::minutes(31));
  ASSERT_THAT(link_.heard, SizeIs(1));
  EXPECT_EQ(link_.heard[0].client, link_.address);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_THAT(SimulatedNetwork::informs(network_.serving()), SizeIs(informs));
}

TEST_F(AccessByDhcp, WhenLeaseEnds_ThenTheDeviceLosesItsWayAndComesAgain) {
  start();
  link_.silent = true;
  network_.run_for(std::chrono::minutes(61));
  EXPECT_NE(network_.state(), State::in_service);
  EXPECT_FALSE(link_.configured);
  EXPECT_TRUE(network_.tunnel.up.empty());
  EXPECT_EQ(value("DHCPStatus"), "Selecting");
  EXPECT_EQ(value("IPAddress"), "");
  link_.silent = false;
  network_.run_for(std::chrono::minutes(3));
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_TRUE(link_.configured);
}

TEST_F(AccessByDhcp, WhenServerTakesTheLeaseBack_ThenTheDeviceComesAgain) {
  start();
  link_.refuses = true;
  network_.run_for(std::chrono::minutes(31));
  EXPECT_NE(network_.state(), State::in_service);
  link_.refuses = false;
  network_.run_for(std::chrono::minutes(3));
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_F(AccessByDhcp, WhenItReboots_ThenItAsksForAnAddressAgain) {
  start();
  link_.heard.clear();
  network_.device->reboot();
  network_.run_for(std::chrono::minutes(1));
  ASSERT_FALSE(link_.heard.empty());
  EXPECT_EQ(link_.heard[0].kind, dhcp::Kind::discover);
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_F(AccessByDhcp, WhenToldToRenew_ThenItDoesSoAtOnce) {
  start();
  link_.heard.clear();
  const datamodel::Assignment renew{std::string(kTable) + "Renew", "true", ""};
  ASSERT_TRUE(network_.device->model().set({&renew, 1}));
  network_.run_for(Seconds{1});
  EXPECT_THAT(link_.heard, SizeIs(1));
}

TEST_F(AccessByDhcp, WhenStopped_ThenItEnds) {
  link_.silent = true;
  start(Seconds{3});
  network_.device->stop();
  network_.run_for(std::chrono::minutes(1));
  EXPECT_EQ(network_.finished, 1);
  EXPECT_FALSE(link_.is_open);
}

TEST_F(AccessByDhcp, WhenInitialHmsComesByDhcp_ThenDiscoveryBeginsThere) {
  find_hms_by_dhcp();
  link_.tell_acs(kInitialUrl, "blue", "7", "3000");
  start();
  EXPECT_EQ(network_.state(), State::in_service);
  ASSERT_FALSE(network_.initial().informs.empty());
  EXPECT_THAT(event_codes(network_.initial().informs[0]), ElementsAre("0 BOOTSTRAP", "1 BOOT"));
  EXPECT_EQ(network_.value("provisioning_code"), "blue");
  EXPECT_EQ(network_.value("retry_minimum_wait_interval"), "7");
  EXPECT_EQ(network_.value("retry_interval_multiplier"), "3000");
}

TEST_F(AccessByDhcp, WhenInitialHmsOfDhcpHasAssigned_ThenARebootGoesToTheServingOne) {
  find_hms_by_dhcp();
  link_.tell_acs(kInitialUrl);
  start();
  network_.initial().informs.clear();
  network_.lose_power();
  start();
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_THAT(network_.initial().informs, IsEmpty());
}

TEST_F(AccessByDhcp, WhenDhcpTellsOfNoAcs_ThenTheDeviceSaysWhatIsMissing) {
  find_hms_by_dhcp();
  start();
  EXPECT_EQ(network_.state(), State::waiting_to_retry);
  ASSERT_TRUE(network_.device->status().error);
  EXPECT_EQ(network_.device->status().error->cause, Cause::configuration);
  link_.tell_acs(kInitialUrl);
  network_.run_for(std::chrono::minutes(3));
  EXPECT_EQ(network_.state(), State::in_service);
}

}  // namespace
}  // namespace hnbemu
