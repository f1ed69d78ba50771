#include <gmock/gmock.h>

#include "procedures/step_table.h"
#include "simulated_network.h"

// What a device keeps without power, and where it can be stopped.
namespace hnbemu {
namespace {

using device::State;
using testing::ElementsAre;

class WithMemory : public testing::TestWithParam<const char*> {
 protected:
  WithMemory() : network_(GetParam()) { network_.start(); }
  cwmp::Inform last_inform() { return network_.informs(network_.serving()).back(); }
  void restart() {
    network_.lose_power();
    network_.start();
    network_.run_for(kEnough);
  }
  SimulatedNetwork network_;
};

TEST_P(WithMemory, WhenPowerIsLostInService_ThenItGoesStraightToItsServingHmsWithBoot) {
  network_.run_for(kEnough);
  ASSERT_EQ(network_.state(), State::in_service);
  network_.serving().requests.clear();
  restart();
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_EQ(network_.informs(network_.initial()).size(), 1u);
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT"));
  EXPECT_EQ(network_.value("parameter_key"), "key-1");
  EXPECT_EQ(network_.value("serving_segw"), kServingSegw);
  EXPECT_TRUE(network_.device->forgotten().empty());
}

// An event table has hundreds of parameters: what the HMS asks of all of them is remembered as one.
TEST_P(WithMemory, WhenAttributesOfAWholeTableAreSet_ThenTheyAreRememberedAsOne) {
  network_.run_for(kEnough);
  const auto service = network_.profile.path("admin_state");
  const bool older = network_.profile.technology == config::Technology::hnb;
  const auto table = (older ? std::string(service.substr(0, service.find("FAPControl"))) : std::string("Device.")) +
                     "FaultMgmt.ExpeditedEvent.";
  const auto ask = [&](const std::string& path, std::uint32_t notification) {
    cwmp::SetParameterAttributes set{{{path, true, notification, false, {}}}};
    network_.serving().requests.assign(1, cwmp::Body(set));
    network_.device->inform("2 PERIODIC");
    network_.run_for(Seconds{1});
    network_.serving().requests.clear();
  };
  const auto remembered = [&] {
    return std::ranges::count_if(network_.store.memory,
                                 [&](const auto& one) { return one.first.starts_with("attributes " + table); });
  };
  ask(table + "1.EventTime", 1);
  ask(table, 2);
  EXPECT_EQ(remembered(), 1);
  ask(table + "2.EventTime", 0);
  EXPECT_EQ(remembered(), 2);
  restart();
  EXPECT_EQ(network_.device->model().notification(table + "1.EventTime"), 2u);
  EXPECT_EQ(network_.device->model().notification(table + "2.EventTime"), 0u);
  EXPECT_EQ(network_.device->model().notification(table + "2.AlarmIdentifier"), 2u);
  EXPECT_TRUE(network_.device->forgotten().empty());
}

TEST_P(WithMemory, WhenPowerIsLost_ThenAttributesAndRowsAreKept) {
  network_.run_for(kEnough);
  const auto path = std::string(network_.profile.path("admin_state"));
  cwmp::SetParameterAttributes set{{{path, true, 2, true, {}}}};
  network_.serving().requests.assign(1, cwmp::Body(set));
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  network_.serving().requests.clear();
  restart();
  const auto attributes = network_.device->model().attributes(path);
  ASSERT_TRUE(attributes);
  EXPECT_EQ(attributes->at(0).attributes, (datamodel::Attributes{2, false}));
  EXPECT_TRUE(network_.device->forgotten().empty());
}

// TS 32.583 5.2.3 by TR-069 3.2.2.
TEST_P(WithMemory, WhenTheAcsRequestsAConnection_ThenASessionComesAtOnceAndAnotherHasToWait) {
  EXPECT_FALSE(network_.connection_requests.request());
  network_.run_for(kEnough);
  network_.serving().requests.clear();
  const auto url = network_.value("connection_request_url");
  EXPECT_EQ(url, fmt::format("http://{}:7547{}", network_.device->status().inner_address.to_string(),
                             network_.connection_requests.access().target));
  EXPECT_GE(network_.connection_requests.access().target.size(), 20u);
  EXPECT_TRUE(network_.connection_requests.request());
  network_.run_for(Millis{10});
  EXPECT_FALSE(network_.connection_requests.request());  // in a session: 503
  network_.run_for(Seconds{1});
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("6 CONNECTION REQUEST"));
  const auto target = network_.connection_requests.access().target;
  restart();
  EXPECT_EQ(network_.connection_requests.access().target, target);
}

TEST_P(WithMemory, WhenPowerIsLostBeforeTheFirstSession_ThenItIsAsFromTheFactory) {
  restart();
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_THAT(event_codes(network_.informs(network_.initial()).front()), ElementsAre("0 BOOTSTRAP", "1 BOOT"));
}

TEST_P(WithMemory, WhenPowerIsLostAfterRebootWasAnswered_ThenMRebootComesAllTheSame) {
  network_.run_for(kEnough);
  network_.serving().requests.assign(1, cwmp::Reboot{"key-9"});
  network_.device->inform("2 PERIODIC");
  network_.run_for(Millis{500});
  ASSERT_EQ(network_.state(), State::rebooting);
  network_.serving().requests.clear();
  restart();
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("1 BOOT", "M Reboot"));
  EXPECT_EQ(last_inform().events.back().command_key, "key-9");
}

TEST_P(WithMemory, WhenPowerIsLostWithAnUndeliveredEvent_ThenItIsDeliveredIfItMustSurvive) {
  network_.run_for(kEnough);
  network_.serving().requests.clear();
  network_.serving().inform_status = 503;
  network_.device->inform("X 02A1B2 ALERT");
  network_.device->inform("8 DIAGNOSTICS COMPLETE");
  network_.run_for(Seconds{1});
  network_.serving().inform_status = 200;
  restart();
  EXPECT_THAT(event_codes(last_inform()), ElementsAre("X 02A1B2 ALERT", "1 BOOT"));
  EXPECT_EQ(last_inform().retry_count, 0u);
}

TEST_P(WithMemory, WhenTheMemoryFails_ThenTheAcsIsNotToldThatItsValuesAreSet) {
  network_.run_for(kEnough);
  cwmp::SetParameterValues set;
  set.parameters.push_back({std::string(network_.profile.path("admin_state")), "0", "xsd:boolean"});
  network_.serving().requests.assign(1, cwmp::Body(set));
  network_.serving().answers.clear();
  network_.store.refusal = Error{Cause::resources, "disk full"};
  network_.device->inform("2 PERIODIC");
  network_.run_for(Seconds{1});
  EXPECT_TRUE(network_.serving().answers.empty());
  ASSERT_TRUE(network_.device->status().error);
  EXPECT_EQ(network_.device->status().error->cause, Cause::resources);
  network_.store.refusal.reset();
  // The session comes again. It has failed twice: that the cell went off the air was told at once.
  network_.run_for(Seconds{21});
  EXPECT_FALSE(network_.serving().answers.empty());
  EXPECT_FALSE(network_.device->status().error);
  restart();
  EXPECT_EQ(network_.value("admin_state"), "false");
}

TEST_P(WithMemory, WhenNothingChanges_ThenNothingIsWritten) {
  network_.run_for(kEnough);
  const auto before = network_.store.commits;
  network_.device->save();
  network_.run_for(Seconds{1});
  EXPECT_EQ(network_.store.commits, before);
}

TEST_P(WithMemory, WhenTheProfileHasNoPlaceForAKey_ThenTheKeyIsForgotten) {
  network_.run_for(kEnough);
  network_.store.memory["value Device.Gone"] = "1";
  network_.lose_power();
  EXPECT_THAT(network_.device->forgotten(), ElementsAre("value Device.Gone"));
  network_.start();
  network_.run_for(kEnough);
  EXPECT_FALSE(network_.store.memory.contains("value Device.Gone"));
}

TEST_P(WithMemory, WhenHeldAtAStep_ThenItWaitsBeforeItUntilToldToGoOn) {
  const bool hnb = std::string(GetParam()) == "umts-hnb";
  network_.device->steps().hold_at(hnb ? "5.2.1/3" : "5.1.3/1");
  network_.run_for(std::chrono::minutes(10));
  EXPECT_NE(network_.device->status().held_at, "");
  EXPECT_TRUE(network_.informs(network_.serving()).empty());
  network_.device->steps().go_on();
  network_.run_for(kEnough);
  EXPECT_EQ(network_.device->status().held_at, "");
  EXPECT_EQ(network_.state(), State::in_service);
}

TEST_P(WithMemory, WhenStoppedWhileHeld_ThenItEnds) {
  network_.device->steps().hold_at(std::string(GetParam()) == "umts-hnb" ? "2.3" : "1.3");
  network_.run_for(kEnough);
  ASSERT_NE(network_.device->status().held_at, "");
  network_.device->stop();
  network_.run_for(kEnough);
  EXPECT_EQ(network_.finished, 1);
}

TEST_P(WithMemory, WhenInService_ThenEveryStepTakenIsInTheTable) {
  network_.run_for(kEnough);
  const auto table = procedures::steps_of(network_.profile.technology);
  ASSERT_GT(network_.device->steps().records().size(), 10u);
  for (const auto& record : network_.device->steps().records()) {
    if (record.step.clause.starts_with("TR-069")) continue;  // a session in service
    const auto place = procedures::to_string(record.step);
    EXPECT_TRUE(std::any_of(table.begin(), table.end(), [&](const auto& step) { return is_at(step, place); })) << place;
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, WithMemory, testing::Values("umts-hnb", "lte-henb"));

}  // namespace
}  // namespace hnbemu
