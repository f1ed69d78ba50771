#include "fleet/fleet.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "doubles/temporary_directory.h"
#include "fleet/report.h"
#include "integration/support/network.h"

namespace hnbemu::fleet {
namespace {

constexpr Seconds kLimit{30};

// A fleet of one device, and what is told of its state.
class FleetTest : public netns::NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    home_ = netns::must(Home::claim(directory_.path(), "fleet"));
    const std::vector<std::string> profiles{HNBEMU_PROFILES};
    auto config = netns::must(
        config::parse_fleet("groups: [{name: hnb, profile: umts-hnb}]", "test", config::known_profiles(profiles)));
    fleet_ = netns::must(Fleet::make(std::move(config), {home_->layout(), profiles}));
    fleet_->observe([this](const auto&, const procedures::StepRecord& record) { take(record); },
                    [this](const device::Status& status) { take(status); }, {});
    fleet_->start();
    ASSERT_TRUE(fleet_->wait_in_service(kLimit));
  }
  void TearDown() override {
    if (fleet_) fleet_->stop();
    if (home_) home_->purge();
  }

  void take(const procedures::StepRecord& record) {
    const std::lock_guard lock(mutex_);
    if (record.step.name == "session ended") ++sessions_;
    session_ended_.notify_all();
  }
  void take(const device::Status& status) {
    const auto report = fleet_->report(status.id);
    const std::lock_guard lock(mutex_);
    told_.push_back(to_string(status));
    answered_.push_back(to_string(report->status));
  }
  std::vector<std::string> told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  std::vector<std::string> answered() {
    const std::lock_guard lock(mutex_);
    return answered_;
  }
  std::size_t sessions() {
    const std::lock_guard lock(mutex_);
    return sessions_;
  }
  // Another session, to its end.
  void hold_session() {
    const auto before = sessions();
    const auto asked = fleet_->on_device(kDevice, [](Unit& unit) {
      unit.device().inform("2 PERIODIC");
      return true;
    });
    ASSERT_TRUE(asked);
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(session_ended_.wait_for(lock, kLimit, [&] { return sessions_ > before; }));
  }

  static constexpr const char* kDevice = "hnb-0001";
  const doubles::TemporaryDirectory directory_;
  std::optional<Home> home_;
  std::unique_ptr<Fleet> fleet_;
  std::mutex mutex_;
  std::condition_variable session_ended_;
  std::size_t sessions_ = 0;
  std::vector<std::string> told_, answered_;
};

TEST_F(FleetTest, WhenAStateIsTold_ThenWhoAsksTheFleetThenIsAnsweredTheSame) {
  EXPECT_EQ(answered(), told());
}

TEST_F(FleetTest, WhenAStateIsWaitedFor_ThenItWasToldBefore) {
  ASSERT_FALSE(told().empty());
  EXPECT_EQ(told().back(), "in-service");
}

TEST_F(FleetTest, WhenASessionChangesNothing_ThenNoStateIsToldAgain) {
  hold_session();
  hold_session();  // what the first one tells is told before the next one ends
  const auto states = told();
  EXPECT_EQ(std::ranges::adjacent_find(states), states.end()) << testing::PrintToString(states);
}

}  // namespace
}  // namespace hnbemu::fleet
