#include "radio/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::radio {
namespace {

constexpr auto kUmts = RadioTechnology::umts;
constexpr auto kLte = RadioTechnology::lte;
constexpr config::Location kHere{51.5, -0.12};

config::MacroCell lte_cell(std::uint32_t earfcn, std::uint32_t pci, double degrees_away,
                           const std::string& plmn = "00101") {
  config::MacroCell cell;
  cell.plmn = plmn;
  cell.channel = earfcn;
  cell.code = pci;
  cell.position = {kHere.latitude + degrees_away, kHere.longitude};
  return cell;
}

Environment around(std::vector<config::MacroCell> cells, std::uint64_t seed = 1) {
  auto map = std::make_shared<config::RadioMap>();
  map->cells = std::move(cells);
  return {map, kHere, seed};
}

std::vector<std::uint32_t> codes(const std::vector<MeasuredCell>& cells) {
  std::vector<std::uint32_t> all;
  for (const auto& cell : cells) all.push_back(cell.cell.code);
  return all;
}

ScanSettings lte() {
  return {.technology = kLte};
}

TEST(Scan, WhenCellsAreNearAndFar_ThenTheStrongestIsFirstAndThoseBelowTheFloorAreNotHeard) {
  const auto heard = scan(around({lte_cell(1850, 2, 0.01), lte_cell(1850, 1, 0.0005), lte_cell(1850, 3, 1)}), lte());
  EXPECT_THAT(codes(heard), testing::ElementsAre(1, 2));
  EXPECT_GT(heard[0].level_dbm, heard[1].level_dbm);
  EXPECT_GE(heard[1].level_dbm, -124);
}

// TR 36.942 4.5.2: 128.1 + 37.6 log10(km), less 0.6 dB for 1870 MHz; 43 dBm over 600 resource elements; a wall.
TEST(Scan, WhenManyDevicesMeasureACell_ThenTheLevelIsThatOfItsDistanceOnAverage) {
  double sum = 0;
  constexpr int kDevices = 400;
  constexpr double kKm = 0.1;
  for (int seed = 0; seed < kDevices; ++seed) {
    const auto heard = scan(around({lte_cell(1850, 1, kKm / 111.2)}, static_cast<std::uint64_t>(seed)), lte());
    ASSERT_EQ(heard.size(), 1u);
    sum += heard[0].level_dbm;
  }
  EXPECT_NEAR(sum / kDevices, 43 - 27.8 - (128.1 - 37.6 - 0.61 + 10), 1.5);
}

TEST(Scan, WhenScannedAgain_ThenItIsTheSame) {
  const auto environment = around({lte_cell(1850, 1, 0.002), lte_cell(1850, 2, 0.003)}, 42);
  const auto first = scan(environment, lte());
  const auto second = scan(environment, lte());
  ASSERT_EQ(codes(first), codes(second));
  EXPECT_EQ(first[0].level_dbm, second[0].level_dbm);
}

TEST(Scan, WhenFiltersAreSet_ThenOnlyWhatTheyAllowIsMeasured) {
  const auto environment = around(
      {lte_cell(1850, 1, 0.002), lte_cell(300, 2, 0.002), lte_cell(3000, 3, 0.002), lte_cell(1850, 4, 0.002, "00102")});
  auto settings = lte();
  settings.plmns = {"00102"};
  EXPECT_THAT(codes(scan(environment, settings)), testing::ElementsAre(4));
  settings = lte();
  settings.bands = {"1", "7"};
  EXPECT_THAT(codes(scan(environment, settings)), testing::UnorderedElementsAre(2, 3));
  settings.receiver_bands = {"1", "3"};
  EXPECT_THAT(codes(scan(environment, settings)), testing::ElementsAre(2));
  settings = lte();
  settings.channels = {1850};
  EXPECT_THAT(codes(scan(environment, settings)), testing::UnorderedElementsAre(1, 4));
}

TEST(Scan, WhenThereAreMoreCellsThanEntries_ThenTheStrongestAreKept) {
  std::vector<config::MacroCell> cells;
  for (std::uint32_t pci = 0; pci < 100; ++pci) {
    cells.push_back(lte_cell(1850, pci, 0));
    cells.back().position.reset();
    cells.back().level_dbm = -60.0 - pci / 10.0;
  }
  auto settings = lte();
  settings.max_cells = 3;
  EXPECT_THAT(codes(scan(around(cells), settings)), testing::ElementsAre(0, 1, 2));
  settings.max_cells = 4'000'000'000;
  EXPECT_EQ(scan(around(cells), settings).size(), kMaxMeasuredCells);
}

TEST(Scan, WhenACellIsAlone_ThenItsQualityIsThatOfAFullCarrier) {
  config::MacroCell lte_alone;
  lte_alone.channel = 1850;
  lte_alone.level_dbm = -80;
  EXPECT_NEAR(scan(around({lte_alone}), lte())[0].quality_db, -10.8, 0.1);  // RSRQ
  config::MacroCell umts_alone;
  umts_alone.technology = kUmts;
  umts_alone.channel = 10'612;
  umts_alone.level_dbm = -80;
  const auto measured = scan(around({umts_alone}), {.technology = kUmts});
  EXPECT_NEAR(measured[0].quality_db, -10, 0.1);  // Ec/No
  EXPECT_NEAR(measured[0].carrier_dbm, -70, 0.1);
}

TEST(Scan, WhenAnotherCellIsOnTheChannel_ThenQualityIsWorse) {
  config::MacroCell cell;
  cell.channel = 1850;
  cell.level_dbm = -80;
  auto other = cell;
  other.code = 1;
  EXPECT_NEAR(scan(around({cell, other}), lte())[0].quality_db, -13.8, 0.1);
}

TEST(BuiltInMap, WhenDevicesAreInTheSamePlace_ThenTheyHaveTheSameCellsAround) {
  config::MacroCell own;
  own.code = 87;
  const auto here = built_in_map(kHere, {own});
  const auto next_door = built_in_map({kHere.latitude + 0.0001, kHere.longitude + 0.0001}, {own});
  const auto elsewhere = built_in_map({0, 0}, {own});
  ASSERT_EQ(here->cells.size(), next_door->cells.size());
  EXPECT_EQ(here->cells[0].code, 87u);
  for (std::size_t i = 0; i < here->cells.size(); ++i) EXPECT_EQ(here->cells[i].code, next_door->cells[i].code);
  EXPECT_NE(here->cells[1].code, elsewhere->cells[1].code);
}

}  // namespace
}  // namespace hnbemu::radio
