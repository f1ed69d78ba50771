#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "simulated_network.h"

namespace hnbemu {
namespace {

using device::State;

class LiveValues : public testing::TestWithParam<const char*> {
 protected:
  LiveValues() : network_(GetParam()) { network_.start(); }
  long up_time() { return std::stol(network_.value("up_time")); }
  SimulatedNetwork network_;
};

TEST_P(LiveValues, WhenDeviceReboots_ThenUpTimeBeginsAgain) {
  network_.run_for(std::chrono::hours(1));
  EXPECT_EQ(up_time(), 3600);
  network_.device->reboot();
  network_.run_for(network_.profile.boot_time + Seconds(60));
  EXPECT_EQ(network_.state(), State::in_service);
  EXPECT_GT(up_time(), 50);
  EXPECT_LE(up_time(), 60);
}

TEST_P(LiveValues, WhenTimePasses_ThenClockFollows) {
  network_.run_for(Seconds(90));
  EXPECT_EQ(network_.value("current_time"), "2026-01-01T01:01:30Z");
}

TEST_P(LiveValues, WhenSaComesAndPowerGoes_ThenItsRowsDoToo) {
  network_.run_for(Seconds(60));
  const auto table = GetParam() == std::string("lte-henb")
                         ? std::string("Device.IPsec.IKEv2SA.1.ChildSA.")
                         : std::string("InternetGatewayDevice.Services.FAPService.1.Transport.Tunnel.ChildSA.");
  generators::IkeSa sa;
  sa.name = "serving";
  sa.children = {{1, 2, {}, {}}};
  auto& model = network_.device->model();
  network_.device->live().show_tunnels({sa});
  ASSERT_TRUE(model.table_state(table));
  EXPECT_FALSE(model.table_state(table)->rows.empty());
  network_.device->reboot();
  network_.run_for(Seconds(60));
  const auto state = model.table_state(table);
  EXPECT_TRUE(!state || state->rows.empty());
}

TEST_P(LiveValues, WhenDeviceIsStopped_ThenItsLiveValuesEndWithIt) {
  network_.run_for(Seconds(60));
  network_.device->stop();
  network_.run_for(Seconds(60));
  EXPECT_EQ(network_.finished, 1);
}

INSTANTIATE_TEST_SUITE_P(Profiles, LiveValues, testing::Values("umts-hnb", "lte-henb"), [](const auto& tested) {
  return std::string(tested.param).substr(0, 4) == "umts" ? "Hnb" : "Henb";
});

// lte-henb with a scheduled generator and a link.
std::string scheduled_profile() {
  std::stringstream text;
  text << std::ifstream(HNBEMU_SOURCE_DIR "/profiles/lte-henb.yaml").rdbuf()
       << "  Device.DeviceInfo.Description: {sequence: {values: [a, b], every_s: 600}}\n"
       << "links:\n"
       << "  - {when: Device.Services.FAPService.1.FAPControl.LTE.OpState, is: true, set: Device.DeviceInfo.ModelName, "
          "to: On Air, after_s: 30}\n";
  auto path = fmt::format("{}/scheduled_{}.yaml", testing::TempDir(), ::getpid());
  std::ofstream(path) << text.str();
  return path;
}

TEST(ScheduledValues, WhenTheyAreDue_ThenTheDeviceWritesThem) {
  const auto file = scheduled_profile();
  SimulatedNetwork network(file);
  std::filesystem::remove(file);
  std::vector<std::string> changes;
  network.device->model().observe([&](std::span<const datamodel::Change> some) {
    for (const auto& change : some) {
      if (change.path.ends_with("Description") || change.path.ends_with("ModelName")) changes.push_back(change.value);
    }
  });
  network.start();
  network.run_for(Seconds(20));
  EXPECT_EQ(network.state(), State::in_service);
  EXPECT_THAT(changes, testing::ElementsAre("a"));
  network.run_for(Seconds(20));
  EXPECT_THAT(changes, testing::ElementsAre("a", "On Air"));
  network.run_for(std::chrono::minutes(20));
  EXPECT_THAT(changes, testing::ElementsAre("a", "On Air", "b", "a"));
}

}  // namespace
}  // namespace hnbemu
