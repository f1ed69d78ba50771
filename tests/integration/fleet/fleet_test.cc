#include "fleet/fleet.h"

#include <filesystem>

#include "fleet/report.h"
#include "integration/support/network.h"

namespace hnbemu::fleet {
namespace {

constexpr Seconds kComesUp{30};

using FleetTest = netns::NamespaceTest;

TEST_F(FleetTest, WhenAStateIsTold_ThenWhoAsksTheFleetThenIsAnsweredTheSame) {
  const auto directory = fmt::format("{}/fleet-{}", testing::TempDir(), ::getpid());
  auto home = netns::must(Home::claim(directory, "fleet"));
  const std::vector<std::string> profiles{HNBEMU_PROFILES};
  auto config = netns::must(
      config::parse_fleet("groups: [{name: hnb, profile: umts-hnb}]", "test", config::known_profiles(profiles)));
  const auto fleet = netns::must(Fleet::make(std::move(config), {home.layout(), profiles}));

  std::mutex mutex;
  std::vector<device::State> told;
  std::vector<device::State> answered;
  fleet->observe({},
                 [&](const device::Status& status) {
                   const auto report = fleet->report(status.id);
                   const std::lock_guard lock(mutex);
                   told.push_back(status.state);
                   answered.push_back(report->status.state);
                 },
                 {});
  fleet->start();
  EXPECT_TRUE(fleet->wait_in_service(kComesUp));
  {
    const std::lock_guard lock(mutex);
    EXPECT_EQ(answered, told);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back(), device::State::in_service) << "it is told before those who wait for it go on";
  }
  fleet->stop();
  home.purge();
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace hnbemu::fleet
