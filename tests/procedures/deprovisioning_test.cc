#include "procedures/deprovisioning.h"

#include <gmock/gmock.h>

#include "simulated_network.h"

// TS 32.583 5.4 and the contribution of TS 32.593 5.1.4.
namespace hnbemu {
namespace {

using device::State;
using testing::ElementsAre;

class Deprovisioning : public testing::TestWithParam<const char*> {
 protected:
  void start(bool silent = false) {
    network_.device.reset();
    network_.profile.quirks.silent_after_deregistration = silent;
    network_.make_device();
    network_.serving().requests.clear();
    network_.provision(network_.serving());
    network_.start();
    network_.run_for(kEnough);
    ASSERT_EQ(network_.state(), State::in_service);
    network_.serving().requests.clear();
    informs_ = network_.informs(network_.initial()).size();
  }
  // What the operator's policy takes back.
  cwmp::SetParameterValues policy() {
    const auto parameter = [&](const char* role, std::string value, const char* type) {
      return cwmp::ParameterValueStruct{std::string(network_.profile.path(role)), std::move(value), type};
    };
    cwmp::SetParameterValues set;
    set.parameters = {parameter("acs_url", network_.factory.initial_hms, "xsd:string"),
                      parameter("serving_segw", "", "xsd:string"), parameter("admin_state", "0", "xsd:boolean")};
    return set;
  }
  // One session with this; the HMS has nothing more to ask afterwards.
  void session_with(cwmp::Body request) {
    network_.serving().requests.assign(1, std::move(request));
    network_.device->inform("2 PERIODIC");
    for (int i = 0; i < 400 && network_.state() == State::in_service; ++i) network_.run_for(Millis{5});
    network_.serving().requests.clear();
  }
  // The steps of de-provisioning.
  std::vector<std::string> steps() const {
    std::vector<std::string> ids;
    for (const auto& record : network_.device->steps().records()) {
      const auto clause = record.step.clause;
      if (clause.ends_with(" 5.4") || clause.ends_with("(contribution)")) ids.emplace_back(record.step.id);
    }
    return ids;
  }
  SimulatedNetwork network_{GetParam()};
  std::size_t informs_ = 0;
};

TEST_P(Deprovisioning, WhenTheServingElementsAreTakenBack_ThenTheDeviceBootstrapsAgain) {
  start();
  session_with(policy());
  network_.run_for(kEnough);
  EXPECT_THAT(steps(), ElementsAre("1", "2"));
  const auto informs = network_.informs(network_.initial());
  ASSERT_GT(informs.size(), informs_);
  EXPECT_EQ(event_codes(informs[informs_]).front(), "0 BOOTSTRAP");
  EXPECT_NE(network_.state(), State::silent);
}

TEST_P(Deprovisioning, WhenTheHmsRefusesItAfterwards_ThenItStaysOut) {
  start();
  network_.initial().inform_fault = cwmp::Fault{"Server", 8001, "de-provisioned", {}};
  session_with(policy());
  network_.run_for(std::chrono::hours(1));
  EXPECT_EQ(network_.state(), State::waiting_to_retry);
  EXPECT_EQ(network_.value("op_state"), "false");
}

TEST_P(Deprovisioning, WhenTheSessionFails_ThenNothingIsLeft) {
  start();
  network_.serving().requests.assign(1, cwmp::Body(cwmp::FactoryReset{}));
  network_.serving().inform_status = 503;
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_TRUE(steps().empty());
}

TEST_P(Deprovisioning, WhenItIsTheDevicesManner_ThenItStaysAwayUntilItIsAllowed) {
  for (const bool by_reset : {true, false}) {
    start(true);
    session_with(by_reset ? cwmp::Body(cwmp::FactoryReset{}) : cwmp::Body(policy()));
    network_.run_for(std::chrono::hours(1));
    EXPECT_EQ(network_.state(), State::silent);
    EXPECT_EQ(network_.informs(network_.initial()).size(), informs_);
    network_.device->allow();
    network_.run_for(kEnough);
    const auto informs = network_.informs(network_.initial());
    ASSERT_GT(informs.size(), informs_);
    EXPECT_EQ(event_codes(informs[informs_]).front(), "0 BOOTSTRAP");
    network_.lose_power();
    network_.store.memory.clear();
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, Deprovisioning, testing::Values("umts-hnb", "lte-henb"));

// A fleet's time_scale: the device's own time passes faster, what the world sees of it does not.
TEST(TimeScale, WhenItIsSixty_ThenPeriodsAndBootsAreAnHourAMinute) {
  SimulatedNetwork network("lte-henb");
  network.clock.time_scale = 60;
  network.profile.boot_time = Seconds{600};
  network.make_device();
  network.start();
  network.run_for(kEnough);
  ASSERT_EQ(network.state(), State::in_service);
  network.serving().requests.clear();
  const std::vector<datamodel::Assignment> interval{
      {std::string(network.profile.path("periodic_inform_interval")), "600", ""}};
  ASSERT_TRUE(network.device->model().set(interval));
  network.device->inform("2 PERIODIC");
  network.run_for(Seconds{1});
  const auto before = network.informs(network.serving()).size();
  network.run_for(Seconds{60});
  EXPECT_NEAR(static_cast<double>(network.informs(network.serving()).size() - before), 6, 1);

  network.device->reboot();
  network.run_for(Seconds{9});
  EXPECT_EQ(network.state(), State::rebooting);
  network.run_for(Seconds{6});
  EXPECT_EQ(network.state(), State::in_service);
}

TEST(TimeScale, WhenASessionFails_ThenItsRetryWaitsAsLongAsEver) {
  SimulatedNetwork network("lte-henb");
  network.clock.time_scale = 60;
  network.initial().inform_status = 503;
  network.start();
  network.run_for(Seconds{4});
  EXPECT_EQ(network.device->status().failed_attempts, 1u);  // TR-069 3.2.1.1: the next after 5 to 10 s
  network.run_for(Seconds{8});
  EXPECT_EQ(network.device->status().failed_attempts, 2u);
}

}  // namespace
}  // namespace hnbemu
