#include <gmock/gmock.h>

#include "simulated_network.h"

// The bring-up replayed with a failure, or a stop, at each of its port calls.
namespace hnbemu {
namespace {

using device::State;

class Failure : public testing::TestWithParam<const char*> {
 protected:
  static std::vector<std::string> clean_run() {
    SimulatedNetwork network(GetParam());
    std::vector<std::string> calls;  // up to then: what a device does in service is another matter
    network.device->observe([&](const device::Device& device) {
      if (device.status().state == State::in_service && calls.empty()) calls = network.calls.log();
    });
    network.start();
    network.run_for(kEnough);
    EXPECT_EQ(network.state(), State::in_service);
    return calls;
  }
};

TEST_P(Failure, WhenAnyPortCallFails_ThenTheAttemptEndsAndTheNextOneSucceeds) {
  const auto log = clean_run();
  ASSERT_GT(log.size(), 10u);
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].starts_with("release")) continue;  // no reason not to go on: see below
    SCOPED_TRACE(fmt::format("call {}: {}", i, log[i]));
    SimulatedNetwork network(GetParam());
    network.calls.fail_call(i, Error{Cause::network, "injected"});
    network.start();
    network.run_for(Seconds{4});
    ASSERT_EQ(network.state(), State::waiting_to_retry);
    ASSERT_TRUE(network.device->status().error);
    EXPECT_EQ(network.device->status().error->cause, Cause::network);
    EXPECT_FALSE(network.device->status().error->step.empty());
    EXPECT_TRUE(network.tunnel.up.empty());
    EXPECT_EQ(network.device->status().failed_attempts, 1u);
    network.run_for(kFirstRetry);
    EXPECT_EQ(network.state(), State::in_service);
    EXPECT_FALSE(network.device->status().error);
  }
}

TEST_P(Failure, WhenTheInitialSegwDoesNotAnswerTheRelease_ThenTheDeviceGoesOn) {
  const auto log = clean_run();
  const auto release = std::find(log.begin(), log.end(), "release initial");
  ASSERT_NE(release, log.end());
  SimulatedNetwork network(GetParam());
  network.calls.fail_call(static_cast<std::size_t>(release - log.begin()), Error{Cause::timeout, "injected"});
  network.start();
  network.run_for(kEnough);
  EXPECT_EQ(network.state(), State::in_service);
}

TEST_P(Failure, WhenASessionFails_ThenItsEventsComeAgainWithTheRetryCount) {
  const auto log = clean_run();
  const auto inform = std::find_if(log.begin(), log.end(), [](const auto& call) { return call.ends_with("envelope"); });
  SimulatedNetwork network(GetParam());
  network.calls.fail_call(static_cast<std::size_t>(inform - log.begin()), Error{Cause::network, "injected"});
  network.start();
  network.run_for(kEnough + kFirstRetry);
  ASSERT_EQ(network.informs(network.initial()).size(), 1u);
  EXPECT_THAT(event_codes(network.informs(network.initial())[0]), testing::ElementsAre("0 BOOTSTRAP", "1 BOOT"));
  EXPECT_EQ(network.informs(network.initial())[0].retry_count, 1u);
  ASSERT_EQ(network.informs(network.serving()).size(), 1u);
  EXPECT_EQ(network.informs(network.serving())[0].retry_count, 0u);
}

TEST_P(Failure, WhenStoppedAtAnyPortCall_ThenItEndsAtOnceHoldingNothing) {
  const auto calls = clean_run().size();
  for (std::size_t i = 1; i <= calls; ++i) {
    SCOPED_TRACE(i);
    SimulatedNetwork network(GetParam());
    network.start();
    for (int guard = 0; network.calls.log().size() < i && guard < 10'000; ++guard) network.run_for(Millis{1});
    ASSERT_EQ(network.calls.log().size(), i);
    network.device->stop();
    network.run_for(Seconds{1});
    EXPECT_EQ(network.finished, 1);
    EXPECT_EQ(network.state(), State::off);
    EXPECT_TRUE(network.tunnel.up.empty());
  }
}

// A stop that comes together with a port's answer interrupts nothing by itself.
TEST_P(Failure, WhenStoppedAsAnyStepEnds_ThenNobodyIsAskedForMore) {
  SimulatedNetwork clean(GetParam());
  clean.start();
  clean.run_for(kEnough);
  const auto steps = clean.device->steps().records().size();
  ASSERT_GT(steps, 10u);
  for (std::size_t i = 1; i <= steps; ++i) {
    SCOPED_TRACE(i);
    SimulatedNetwork network(GetParam());
    const auto& calls = network.calls.log();
    std::size_t ended = 0;
    std::size_t before = 0;
    network.device->steps().observe([&](const auto&) {
      if (++ended != i) return;
      before = calls.size();
      network.device->stop();
    });
    network.start();
    network.run_for(kEnough);
    EXPECT_EQ(network.finished, 1);
    EXPECT_TRUE(network.tunnel.up.empty());
    const std::vector<std::string> after(calls.begin() + static_cast<std::ptrdiff_t>(before), calls.end());
    EXPECT_THAT(after, testing::Each(testing::StartsWith("release")));
  }
}

TEST_P(Failure, WhenStoppedAsItGoesDownToBoot_ThenItDoesNotWaitForThat) {
  SimulatedNetwork network(GetParam());
  ASSERT_GT(network.profile.boot_time, Seconds{2});
  network.start();
  network.run_for(kEnough);
  network.device->observe([&](const device::Device& device) {
    if (device.status().state == State::rebooting) network.device->stop();
  });
  network.device->reboot();
  network.run_for(Seconds{2});
  EXPECT_EQ(network.finished, 1);
}

TEST_P(Failure, WhenAttemptsKeepFailing_ThenTheWaitsGrowByTheTable) {
  SimulatedNetwork network(GetParam());
  network.tunnel.silent.insert(*IpAddress::parse("198.18.0.1"));
  network.start();
  // Four attempts of 30 s, and waits of 5–10, 10–20, 20–40 s: the fourth begins between 125 s and 160 s.
  network.run_for(Seconds{124});
  EXPECT_LE(network.device->status().failed_attempts, 3u);
  network.run_for(Seconds{70});
  EXPECT_EQ(network.device->status().failed_attempts, 4u);
  EXPECT_EQ(network.device->status().error->cause, Cause::ike_no_answer);
}

INSTANTIATE_TEST_SUITE_P(Profiles, Failure, testing::Values("umts-hnb", "lte-henb"));

}  // namespace
}  // namespace hnbemu
