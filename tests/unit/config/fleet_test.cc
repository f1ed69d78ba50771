#include "config/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hnbemu::config {
namespace {

using ::testing::HasSubstr;

class FleetFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "hnbemu_fleet_" + std::to_string(::getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Result<Fleet> load(const std::string& text) {
    const std::string file = folder_ + "/fleet.yaml";
    std::ofstream(file) << text;
    return load_fleet(file, {"lte-henb", "umts-hnb"});
  }
  // The mistakes that are found, without the folder's name.
  std::string mistakes(const std::string& text) {
    const auto fleet = load(text);
    if (fleet) return "";
    EXPECT_EQ(fleet.error().cause, Cause::configuration);
    std::string detail = fleet.error().detail;
    for (auto at = detail.find(folder_ + "/"); at != std::string::npos; at = detail.find(folder_ + "/"))
      detail.erase(at, folder_.size() + 1);
    return detail;
  }
  std::string folder_;
};

TEST_F(FleetFile, WhenFileIsGood_ThenDevicesAreExpandedWithOverrides) {
  const auto fleet = load(
      "fleet: {name: demo, seed: 7, start_rate_per_s: 2.5}\n"
      "groups:\n"
      "  - {name: hnb, profile: umts-hnb, count: 2, serial: 'A{index:03}', location: {latitude: 51.5, longitude: "
      "-0.1},\n"
      "     devices: [{index: 2, serial: B, initial_segw: segw.other.example}]}\n"
      "  - {name: henb, profile: lte-henb, ipsec: none}\n");
  ASSERT_TRUE(fleet) << fleet.error().to_string();
  ASSERT_EQ(fleet->devices.size(), 3u);
  EXPECT_EQ(fleet->name, "demo");
  EXPECT_EQ(fleet->devices[0].id, "hnb-0001");
  EXPECT_EQ(fleet->devices[0].serial, "A001");
  EXPECT_EQ(fleet->devices[1].serial, "B");
  EXPECT_EQ(fleet->devices[1].initial_segw, "segw.other.example");
  EXPECT_EQ(fleet->devices[1].location->latitude, 51.5);
  EXPECT_EQ(fleet->devices[2].initial_segw, "");
  EXPECT_EQ(fleet->devices[2].profile, "lte-henb");
}

TEST_F(FleetFile, WhenSeedIsSame_ThenDevicesAreSame) {
  const std::string groups = "groups: [{name: a, profile: umts-hnb, count: 3}]\n";
  const auto one = load("fleet: {seed: 7}\n" + groups);
  const auto same = load("fleet: {seed: 7}\n" + groups);
  const auto other = load("fleet: {seed: 8}\n" + groups);
  ASSERT_TRUE(one && same && other);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one->devices[i].seed, same->devices[i].seed);
    EXPECT_NE(one->devices[i].seed, other->devices[i].seed);
  }
  EXPECT_NE(one->devices[0].seed, one->devices[1].seed);
}

TEST_F(FleetFile, WhenKeyIsMisspelt_ThenPlaceAndSuggestionAreGiven) {
  EXPECT_EQ(mistakes("groups:\n  - name: a\n    profile: umts-hnb\n    coutn: 3\n"),
            "fleet.yaml:4:5: unknown key 'coutn', did you mean 'count'?");
}

TEST_F(FleetFile, WhenTypeOrRangeIsWrong_ThenItIsReported) {
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts-hnb, count: many}\n"),
            "fleet.yaml:2:41: 'count' must be a whole number, not 'many'");
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts-hnb, count: 0}\n"),
            "fleet.yaml:2:41: 'count' must be from 1 to 20000, not 0");
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts-hnb, location: {latitude: 91, longitude: 0}}\n"),
            "fleet.yaml:2:55: 'latitude' must be from -90 to 90, not 91");
}

TEST_F(FleetFile, WhenProfileIsUnknown_ThenKnownOnesAreNamed) {
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts_hnb}\n"),
            "fleet.yaml:2:24: unknown profile 'umts_hnb', did you mean 'umts-hnb'?; known: lte-henb, umts-hnb");
}

TEST_F(FleetFile, WhenSerialIsThereTwice_ThenBothPlacesAreNamed) {
  EXPECT_EQ(
      mistakes("groups:\n  - {name: a, profile: umts-hnb, serial: X}\n  - {name: b, profile: umts-hnb, serial: X}\n"),
      "fleet.yaml:3:5: duplicate serial 'X' of b-0001: a-0001 of the group at fleet.yaml:2:5 has it already; put "
      "{index} into the serial");
}

TEST_F(FleetFile, WhenPoolIsTooSmall_ThenRoomAndNeedAreTold) {
  EXPECT_EQ(mistakes("lab:\n  outer_pool: 100.64.0.0/30\ngroups:\n  - {name: a, profile: umts-hnb, count: 3}\n"),
            "fleet.yaml:2:15: outer_pool 100.64.0.0/30 has room for 2 devices, the fleet has 3");
  EXPECT_EQ(mistakes("lab:\n  inner_pool: 10.128.0.0/29\ngroups:\n  - {name: a, profile: umts-hnb, count: 3}\n"),
            "fleet.yaml:2:15: inner_pool 10.128.0.0/29 has room for 2 devices, the fleet has 3");
}

TEST_F(FleetFile, WhenCertificateIsMissing_ThenFileIsNamed) {
  const auto text =
      mistakes("groups:\n  - {name: a, profile: umts-hnb,\n     certificate: none.pem, key: none.key, ca: none.ca}\n");
  EXPECT_THAT(text, HasSubstr("fleet.yaml:3:19: cannot read certificate file 'none.pem'"));
  EXPECT_THAT(text, HasSubstr("fleet.yaml:3:34: cannot read key file 'none.key'"));
}

TEST_F(FleetFile, WhenThereAreManyMistakes_ThenEachHasItsLine) {
  const auto text =
      mistakes("fleet: {name: 'a b'}\nlab: {outer_pool: x}\ngroups:\n  - {name: a, profile: umts-hnb, z: 1}\n");
  EXPECT_THAT(text, HasSubstr("fleet.yaml:1:8: fleet name 'a b'"));
  EXPECT_THAT(text, HasSubstr("fleet.yaml:2:19: "));
  EXPECT_THAT(text, HasSubstr("fleet.yaml:4:34: unknown key 'z'"));
}

TEST_F(FleetFile, WhenThereIsNoDevice_ThenFileIsRefused) {
  EXPECT_EQ(mistakes("fleet: {name: x}\n"), "fleet.yaml:1:1: a fleet file needs the key 'groups'");
  EXPECT_EQ(mistakes("groups: []\n"), "fleet.yaml:1:1: the fleet has no device: groups is empty");
}

}  // namespace
}  // namespace hnbemu::config
