#include <gmock/gmock.h>

#include "simulated_network.h"

namespace hnbemu {
namespace {

using device::State;
using testing::ElementsAre;

class Service : public testing::TestWithParam<const char*> {
 protected:
  Service() : network_(GetParam()) {
    network_.start();
    network_.run_for(kEnough);
    EXPECT_EQ(network_.state(), State::in_service);
    network_.serving().requests.clear();
  }
  cwmp::Inform last_inform() { return network_.informs(network_.serving()).back(); }
  SimulatedNetwork network_;
};

TEST_P(Service, WhenTheTunnelIsLost_ThenTheDeviceComesBackWithoutDiscovery) {
  network_.tunnel.lose("serving");
  network_.run_for(kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
  EXPECT_THAT(event_codes(network_.serving().informs.back()), ElementsAre("4 VALUE CHANGE"));  // OpState, for one
}

TEST_P(Service, WhenTheTunnelIsLostInASession_ThenTheEventsAreKept) {
  network_.device->inform("2 PERIODIC");
  network_.run_for(Millis{5});  // the Inform is under way
  network_.tunnel.lose("serving");
  network_.run_for(Seconds{30});
  EXPECT_EQ(network_.state(), State::in_service);
}

// TS 32.583 5.2.2, TS 32.593 5.2.4.
TEST_P(Service, WhenTheInnerAddressChanges_ThenTheHmsHearsTheNewOneAtOnce) {
  const auto address = *IpAddress::parse("10.129.1.2");
  const auto before = network_.serving().informs.size();
  network_.tunnel.change_address("serving", address);
  network_.run_for(Seconds{1});
  ASSERT_EQ(network_.serving().informs.size(), before + 1);
  EXPECT_THAT(event_codes(network_.serving().informs.back()), ElementsAre("4 VALUE CHANGE"));
  const auto parameters = network_.serving().informs.back().parameters;
  EXPECT_TRUE(std::any_of(parameters.begin(), parameters.end(), [&](const auto& parameter) {
    return parameter.name == network_.profile.path("inner_address") && parameter.value == address.to_string();
  }));
}

TEST_P(Service, WhenTheAcsAsksForAReboot_ThenTheDeviceBootsAndSaysSo) {
  network_.serving().requests.emplace_back(cwmp::Reboot{"key-7"});
  network_.device->inform("2 PERIODIC");
  network_.run_for(Millis{500});
  EXPECT_EQ(network_.state(), State::rebooting);
  EXPECT_TRUE(network_.tunnel.up.empty());
  EXPECT_EQ(network_.value("op_state"), "false");
  network_.serving().requests.clear();
  network_.run_for(network_.profile.boot_time + kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT", "M Reboot"));
  EXPECT_EQ(last_inform().events.back().command_key, "key-7");
}

TEST_P(Service, WhenRebootedByItsUser_ThenThereIsNoMReboot) {
  network_.device->reboot();
  network_.run_for(network_.profile.boot_time + kEnough);
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));
}

TEST_P(Service, WhenASessionFails_ThenTheCellStaysOnTheAirAndTheSessionComesAgain) {
  network_.serving().inform_status = 503;
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{2});
  EXPECT_EQ(network_.state(), State::in_service);
  ASSERT_TRUE(network_.device->status().error);
  EXPECT_EQ(network_.device->status().error->cause, Cause::http_status);
  network_.serving().inform_status = 200;
  network_.run_for(Seconds{11});
  EXPECT_FALSE(network_.device->status().error);
  EXPECT_EQ(last_inform().retry_count, 1u);
}

TEST_P(Service, WhenAdminStateIsTakenAway_ThenTheCellGoesOffTheAir) {
  cwmp::SetParameterValues set;
  set.parameters.push_back({std::string(network_.profile.path("admin_state")), "0", "xsd:boolean"});
  network_.serving().requests.emplace_back(std::move(set));
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  EXPECT_EQ(network_.state(), State::registered);
  EXPECT_EQ(network_.value("rf_tx_status"), "false");
}

TEST_P(Service, WhenADayPasses_ThenItInformsAtEachInterval) {
  cwmp::SetParameterValues set;
  set.parameters.push_back({std::string(network_.profile.path("periodic_inform_enable")), "1", "xsd:boolean"});
  set.parameters.push_back({std::string(network_.profile.path("periodic_inform_interval")), "600", "xsd:unsignedInt"});
  network_.serving().requests.emplace_back(std::move(set));
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  network_.serving().requests.clear();
  const auto before = network_.informs(network_.serving()).size();
  network_.run_for(std::chrono::hours(24));
  EXPECT_NEAR(static_cast<double>(network_.informs(network_.serving()).size() - before), 144, 1);
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("2 PERIODIC"));
  EXPECT_EQ(network_.state(), State::in_service);
}

INSTANTIATE_TEST_SUITE_P(Profiles, Service, testing::Values("umts-hnb", "lte-henb"));

// TS 32.583 5.1.1 step 7: the Initial HMS serves, and has heard the 0 BOOTSTRAP.
TEST(SameEntity, WhenTheDeviceReboots_ThenItDoesNotBootstrapAgain) {
  SimulatedNetwork network("umts-hnb");
  network.assign(kInitialSegw, "");
  network.provision(network.initial());
  network.start();
  network.run_for(kEnough);
  network.device->reboot();
  network.run_for(network.profile.boot_time + kEnough);
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_THAT(event_codes(network.informs(network.initial()).back()), ElementsAre("1 BOOT"));
}

TEST(WaitingToRetry, WhenSomebodyAsksForASession_ThenTheNextAttemptComesAtOnce) {
  SimulatedNetwork network("umts-hnb");
  network.initial().inform_status = 503;
  network.start();
  network.run_for(Seconds{2});
  ASSERT_EQ(network.state(), State::waiting_to_retry);
  network.initial().inform_status = 200;
  network.device->inform("6 CONNECTION REQUEST");
  network.run_for(Seconds{1});
  EXPECT_EQ(network.state(), State::in_service);
}

}  // namespace
}  // namespace hnbemu
