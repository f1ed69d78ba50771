#include "config/radio_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/fleet.h"

namespace hnbemu::config {
namespace {

using ::testing::HasSubstr;

TEST(RadioMapFile, WhenGood_ThenItHasTheCellsOfAllTechnologies) {
  const auto map = parse_radio_map(R"(cells:
  - {technology: lte, plmn: "00101", earfcn: 1850, pci: 87, tac: 7, cell_id: 16843009, latitude: 51.5, longitude: -0.1}
  - {technology: umts, plmn: "001001", uarfcn: 10612, psc: 113, lac: 4097, rac: 1, cell_id: 5, rscp: -87}
  - {technology: gsm, plmn: "00101", arfcn: 62, bsic: 21, lac: 9, cell_id: 6, rssi: -70.5, tx_power_dbm: 40}
)",
                                   "map.yaml");
  ASSERT_TRUE(map) << map.error().detail;
  ASSERT_EQ(map->cells.size(), 3u);
  EXPECT_EQ(map->cells[0].technology, RadioTechnology::lte);
  EXPECT_EQ(map->cells[0].code, 87u);
  EXPECT_EQ(map->cells[0].area, 7u);
  EXPECT_EQ(map->cells[0].position->latitude, 51.5);
  EXPECT_EQ(map->cells[1].technology, RadioTechnology::umts);
  EXPECT_FALSE(map->cells[1].position);
  EXPECT_EQ(map->cells[1].level_dbm, -87);
  EXPECT_EQ(map->cells[2].tx_power_dbm, 40);
}

TEST(RadioMapFile, WhenWrong_ThenEachMistakeHasItsPlace) {
  const auto map = parse_radio_map(R"(cells:
  - {technology: lte, plmn: 0010, earfcn: 1850, pci: 504, rsrp: -90}
  - {technology: umts, plmn: "00101", uarfcn: 10612, pci: 1, latitude: 1, longitude: 1, rscp: -90}
)",
                                   "map.yaml");
  ASSERT_FALSE(map);
  EXPECT_THAT(map.error().detail, HasSubstr("map.yaml:2:29: plmn '0010'"));
  EXPECT_THAT(map.error().detail, HasSubstr("map.yaml:2:54: "));
  EXPECT_THAT(map.error().detail, HasSubstr("'psc'"));
  EXPECT_THAT(map.error().detail, HasSubstr("either latitude and longitude or 'rscp'"));
}

TEST(RadioMapFile, WhenItHasTooManyCells_ThenItIsRefused) {
  std::string text = "cells:\n";
  for (std::size_t i = 0; i <= kMaxMacroCells; ++i) text += "  - {}\n";
  EXPECT_THAT(parse_radio_map(text, "map.yaml").error().detail, HasSubstr("at most 10000"));
}

TEST(RadioMapFile, WhenAFleetNamesIt_ThenItIsReadBesideTheFleetFile) {
  const auto folder = ::testing::TempDir() + "hnbemu_radio_map_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/macro.yaml")
      << "cells: [{technology: lte, plmn: \"00101\", earfcn: 1, pci: 2, rsrp: -90}]\n";
  std::ofstream(folder + "/wrong.yaml") << "cells: [{technology: nr}]\n";
  const auto fleet_with = [&](const std::string& map) {
    return parse_fleet("lab: {radio_map: " + map + "}\ngroups: [{name: a, profile: p}]\n", folder + "/fleet.yaml",
                       {"p"});
  };
  const auto fleet = fleet_with("macro.yaml");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  ASSERT_TRUE(fleet->lab.radio_map);
  EXPECT_EQ(fleet->lab.radio_map->cells[0].code, 2u);
  EXPECT_THAT(fleet_with("wrong.yaml").error().detail, HasSubstr("fleet.yaml:1:18: " + folder + "/wrong.yaml:1:22"));
  EXPECT_THAT(fleet_with("none.yaml").error().detail, HasSubstr("none.yaml"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hnbemu::config
