#include <gmock/gmock.h>

#include "simulated_network.h"

namespace hnbemu {
namespace {

using device::State;
using testing::ElementsAre;

bool informs_of(const cwmp::Inform& inform, std::string_view path) {
  const auto& list = inform.parameters;
  return std::any_of(list.begin(), list.end(), [&](const auto& parameter) { return parameter.name == path; });
}

TEST(HnbBringUp, WhenAllAnswer_ThenTheStepsAreThoseOf32583) {
  SimulatedNetwork network("umts-hnb");
  network.start();
  network.run_for(kEnough);
  EXPECT_THAT(
      network.step_ids(),
      ElementsAre("5.1.1/1", "5.1.1/2.1", "5.1.1/2.2", "5.1.1/2.3", "5.1.1/2.4", "5.1.1/2.5", "5.1.1/3", "5.1.1/4",
                  "5.1.1/5", "5.1.1/6", "5.1.1/7", "5.1.1/8", "5.1.1/9", "5.2.1/2.1", "5.2.1/2.2", "5.2.1/3",
                  "5.2.1/4.1", "5.2.1/4.2", "5.2.1/5", "5.2.1/5.1", "5.2.1/5.2", "5.2.1/5.3", "5.2.1/5.4"));
  EXPECT_EQ(network.state(), State::in_service);
}

TEST(HenbBringUp, WhenAllAnswer_ThenTheStepsAreThoseOf32593) {
  SimulatedNetwork network("lte-henb");
  network.start();
  network.run_for(kEnough);
  EXPECT_THAT(network.step_ids(),
              ElementsAre("5.1.2.2/1.1", "5.1.2.2/1.2", "5.1.2.2/1.3", "5.1.2.2/1.4", "5.1.2.2/1.5", "5.1.2.2/2",
                          "5.1.2.2/2.1", "5.1.2.2/2.2", "5.1.2.2/3.1", "5.1.2.2/3.2", "5.1.2.2/4", "5.1.2.2/5",
                          "5.1.2.2/6.1", "5.1.2.2/6.2", "5.1.2.2/6.3", "5.1.2.2/6.4", "5.1.2.2/6.5", "5.1.3/1",
                          "5.1.3/1.1", "5.1.3/1.2", "5.1.3/2.1", "5.1.3/2.2", "5.1.3/3"));
  EXPECT_EQ(network.state(), State::in_service);
}

class BringUp : public testing::TestWithParam<const char*> {};

TEST_P(BringUp, WhenInService_ThenTheModelAndTheTunnelsSaySo) {
  SimulatedNetwork network(GetParam());
  network.start();
  network.run_for(kEnough);
  EXPECT_EQ(network.value("op_state"), "true");
  EXPECT_EQ(network.value("rf_tx_status"), "true");
  EXPECT_EQ(network.value("parameter_key"), "key-1");
  EXPECT_EQ(network.value("inner_address"), network.device->status().inner_address.to_string());
  EXPECT_EQ(network.tunnel.up.count("initial"), 0u);
  EXPECT_EQ(network.tunnel.up.count("serving"), 1u);
}

TEST_P(BringUp, WhenItInforms_ThenEachHmsHearsItsBootstrapAndTheLocation) {
  SimulatedNetwork network(GetParam());
  network.start();
  network.run_for(kEnough);
  ASSERT_EQ(network.informs(network.initial()).size(), 1u);
  ASSERT_EQ(network.informs(network.serving()).size(), 1u);
  EXPECT_THAT(event_codes(network.informs(network.initial())[0]), ElementsAre("0 BOOTSTRAP", "1 BOOT"));
  EXPECT_THAT(event_codes(network.informs(network.serving())[0]), ElementsAre("0 BOOTSTRAP"));
  for (const auto& path : network.profile.location_parameters) {
    EXPECT_TRUE(informs_of(network.informs(network.initial())[0], path)) << path;
    EXPECT_TRUE(informs_of(network.informs(network.serving())[0], path)) << path;
  }
  EXPECT_EQ(network.informs(network.initial())[0].device_id.serial_number, "HNB000001");
}

// TS 32.583 5.1.1 step 7.
TEST_P(BringUp, WhenTheServingElementsAreTheInitialOnes_ThenThereIsNoSecondTunnelOrSession) {
  SimulatedNetwork network(GetParam());
  network.assign(kInitialSegw, "");
  network.provision(network.initial());
  network.start();
  network.run_for(kEnough);
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_EQ(network.tunnel.up.count("initial"), 1u);
  EXPECT_EQ(network.tunnel.up.count("serving"), 0u);
  EXPECT_EQ(network.informs(network.initial()).size(), 1u);
  EXPECT_TRUE(network.informs(network.serving()).empty());
}

TEST_P(BringUp, WhenSegwNameHasTwoAddresses_ThenSecondIsTriedAfterTimeout) {
  SimulatedNetwork network(GetParam());
  const auto silent = *IpAddress::parse("198.18.0.9");
  network.resolver.add(Plane::outer, kInitialSegw, {silent, *IpAddress::parse("198.18.0.1")});
  network.tunnel.silent.insert(silent);
  network.start();
  network.run_for(procedures::Deadlines::tunnel - Seconds{1});
  EXPECT_EQ(network.state(), State::discovering);
  network.run_for(Seconds{1} + kEnough);
  EXPECT_EQ(network.state(), State::in_service);
}

TEST_P(BringUp, WhenTheHmsRefusesTheLocation_ThenTheDeviceStaysOutAndSaysWhy) {
  for (const int way : {0, 1, 2}) {
    SimulatedNetwork network(GetParam());
    if (way == 0) network.initial().inform_fault = cwmp::Fault{"Server", 8001, "this location is not served", {}};
    if (way == 1) network.initial().inform_status = 403;
    if (way == 2) network.assign("", "");
    network.start();
    network.run_for(Seconds{4});
    EXPECT_EQ(network.state(), State::waiting_to_retry) << way;
    ASSERT_TRUE(network.device->status().error) << way;
    EXPECT_EQ(network.device->status().error->cause, Cause::refused_by_hms) << way;
    EXPECT_EQ(network.value("op_state"), "false");
    EXPECT_TRUE(network.tunnel.up.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, BringUp, testing::Values("umts-hnb", "lte-henb"));

}  // namespace
}  // namespace hnbemu
