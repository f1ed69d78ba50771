#include "radio/rem.h"

#include <gmock/gmock.h>

#include "unit/radio/sample_device.h"

namespace hnbemu::radio {
namespace {

class LteRem : public testing::Test {
 protected:
  void power_up(std::vector<config::MacroCell> cells, Seconds duration = Seconds{10}) {
    rem_.emplace(device_.model, device_.service, SampleDevice::around(std::move(cells)), duration);
    rem_->power_up(device_.now());
  }
  // As the device does: at each time that REM asks for.
  void run_for(Seconds time) {
    const auto end = device_.now().steady + time;
    for (auto next = rem_->advance(device_.now()); next <= end; next = rem_->advance(device_.now())) {
      ASSERT_LT(++steps_, 10'000) << "time does not pass";
      device_.elapsed = std::chrono::ceil<Seconds>(next - Deadline{});
    }
    device_.elapsed = std::chrono::ceil<Seconds>(end - Deadline{});
  }
  std::string rem(const std::string& name) { return device_.at("REM.LTE." + name); }

  SampleDevice device_{"lte-henb"};
  std::optional<Rem> rem_;
  int steps_ = 0;
};

TEST_F(LteRem, WhenScannedOnBoot_ThenStatusRunsToSuccessAndRowsAreReplaced) {
  std::vector<std::string> statuses;
  device_.model.observe([&](std::span<const datamodel::Change> changes) {
    for (const auto& change : changes) {
      if (change.path.ends_with("REM.LTE.ScanStatus")) statuses.push_back(change.value);
    }
  });
  device_.set("REM.LTE.ScanStatus", "Error");
  power_up({SampleDevice::lte_cell(1850, 5, -100), SampleDevice::lte_cell(1750, 6, -80)});
  EXPECT_TRUE(rem_->measuring());
  EXPECT_FALSE(rem_->initial_done());
  run_for(Seconds{9});
  EXPECT_FALSE(rem_->initial_done());
  EXPECT_EQ(rem("Cell.1.RF.PhyCellID"), "87");  // still what it knew
  run_for(Seconds{2});
  EXPECT_TRUE(rem_->initial_done());
  EXPECT_FALSE(rem_->measuring());
  EXPECT_THAT(statuses, testing::ElementsAre("Error", "Indeterminate", "InProgress", "Success"));
  EXPECT_EQ(rem("LastScanTime"), "2026-01-01T10:00:40Z");
  EXPECT_EQ(rem("CellNumberOfEntries"), "2");
  EXPECT_EQ(rem("Cell.1.RF.PhyCellID"), "6");
  EXPECT_EQ(rem("Cell.1.RF.RSRP"), "-80");
  EXPECT_EQ(rem("Cell.1.RF.RSRQ"), "-110");
  EXPECT_EQ(rem("Cell.1.BCCH.CellID"), "1006");
  EXPECT_EQ(rem("Cell.2.RF.EUTRACarrierARFCN"), "1850");
  EXPECT_EQ(rem("Cell.2.BCCH.PLMNList.1.PLMNID"), "00101");
}

TEST_F(LteRem, WhenNothingIsHeard_ThenThereAreNoRows) {
  power_up({});
  run_for(Seconds{11});
  EXPECT_EQ(rem("ScanStatus"), "Success");
  EXPECT_EQ(rem("CellNumberOfEntries"), "0");
}

TEST_F(LteRem, WhenThereIsNoMap_ThenTheProfilesOwnCellIsAmongTheMeasured) {
  rem_.emplace(device_.model, device_.service, Environment{nullptr, {51.5, -0.12}, 1}, Seconds{0});
  rem_->power_up(device_.now());
  rem_->advance(device_.now());
  EXPECT_THAT(*rem_->measured(RadioTechnology::lte), testing::Contains(testing::Truly([](const MeasuredCell& cell) {
    return cell.cell.channel == 1'850 && cell.cell.code == 87 && cell.level_dbm == -96;
  })));
}

TEST_F(LteRem, WhenScanOnBootIsOff_ThenItIsDoneAtOnce) {
  device_.set("REM.LTE.ScanOnBoot", "0");
  power_up({});
  EXPECT_TRUE(rem_->initial_done());
  EXPECT_EQ(rem("ScanStatus"), "Indeterminate");
  EXPECT_EQ(rem_->advance(device_.now()), Deadline::max());
}

TEST_F(LteRem, WhenScanTimeoutIsShorter_ThenTheScanTimesOutAndRowsStay) {
  device_.set("REM.LTE.ScanTimeout", "4");
  power_up({SampleDevice::lte_cell(1850, 5, -100)});
  run_for(Seconds{5});
  EXPECT_EQ(rem("ScanStatus"), "Error_TIMEOUT");
  EXPECT_NE(rem("ErrorDetails"), "");
  EXPECT_EQ(rem("LastScanTime"), "2026-01-01T10:00:34Z");
  EXPECT_EQ(rem("Cell.1.RF.PhyCellID"), "87");
  EXPECT_TRUE(rem_->initial_done());
  EXPECT_FALSE(rem_->measured(RadioTechnology::lte));
}

TEST_F(LteRem, WhenScannedPeriodically_ThenEachScanIsAtItsTime) {
  device_.set("REM.LTE.PeriodicInterval", "60");
  device_.set("REM.LTE.PeriodicTime", "2020-05-05T00:00:15Z");
  device_.set("REM.LTE.ScanPeriodically", "1");
  power_up({});
  run_for(Seconds{200});  // boot ends 10:00:40; then 10:01:15, 10:02:15, 10:03:15
  EXPECT_EQ(rem_->ended(), 4u);
  EXPECT_EQ(rem("LastScanTime"), "2026-01-01T10:03:25Z");
}

TEST_F(LteRem, WhenPeriodicTimeIsUnknown_ThenTheIntervalCountsFromTheLastBegin) {
  power_up({});
  run_for(Seconds{30});
  device_.set("REM.LTE.PeriodicInterval", "60");
  device_.set("REM.LTE.ScanPeriodically", "1");
  run_for(Seconds{125});
  EXPECT_EQ(rem_->ended(), 2u);  // begun after 60 s; the next one is begun after 120 s
  EXPECT_TRUE(rem_->measuring());
}

TEST_F(LteRem, WhenTheIntervalIsShorterThanAScan_ThenScansFollowOneAnother) {
  device_.set("REM.LTE.PeriodicInterval", "1");
  device_.set("REM.LTE.ScanPeriodically", "1");
  power_up({});
  run_for(Seconds{100});
  EXPECT_EQ(rem_->ended(), 10u);
  device_.set("REM.LTE.ScanPeriodically", "0");
  run_for(Seconds{100});
  EXPECT_LE(rem_->ended(), 12u);
}

TEST_F(LteRem, WhenDelayedAndTheCellCarriesBearers_ThenTheScanWaits) {
  device_.set("REM.LTE.InServiceHandling", "Delayed");
  device_.set("REM.LTE.PeriodicInterval", "60");
  device_.set("REM.LTE.ScanPeriodically", "1");
  power_up({});
  run_for(Seconds{50});
  device_.elapsed += Seconds{30};
  auto busy = device_.now();
  busy.bearers = true;
  EXPECT_EQ(rem_->advance(busy), busy.steady + Rem::kBusyPoll);
  EXPECT_FALSE(rem_->measuring());
  rem_->advance(device_.now());
  EXPECT_TRUE(rem_->measuring());
}

TEST_F(LteRem, WhenPoweredDown_ThenNothingIsDueAndPowerUpStartsAgain) {
  power_up({});
  rem_->power_down();
  EXPECT_EQ(rem_->advance(device_.now()), Deadline::max());
  run_for(Seconds{20});
  EXPECT_EQ(rem_->ended(), 0u);
  rem_->power_up(device_.now());
  run_for(Seconds{11});
  EXPECT_EQ(rem_->ended(), 1u);
}

TEST_F(LteRem, WhenTheModelLimitsCells_ThenThereAreNoMoreRows) {
  device_.set("REM.LTE.MaxCellEntries", "2");
  std::vector<config::MacroCell> cells;
  for (std::uint32_t pci = 0; pci < 5; ++pci) cells.push_back(SampleDevice::lte_cell(1850, pci, -80));
  power_up(std::move(cells));
  run_for(Seconds{11});
  EXPECT_EQ(rem("CellNumberOfEntries"), "2");
}

TEST_F(LteRem, WhenFiltersAreSet_ThenTheScanHonoursThem) {
  device_.set("REM.LTE.EUTRACarrierARFCNDLList", "1750, 300");
  device_.set("REM.LTE.REMBandList", "3");
  power_up({SampleDevice::lte_cell(1850, 1, -80), SampleDevice::lte_cell(1750, 2, -80),
            SampleDevice::lte_cell(300, 3, -80)});
  run_for(Seconds{11});
  EXPECT_EQ(rem("CellNumberOfEntries"), "1");
  EXPECT_EQ(rem("Cell.1.RF.PhyCellID"), "2");
}

TEST(UmtsRem, WhenScanned_ThenRowsHaveTheUnitsOfTheModel) {
  SampleDevice device("umts-hnb");
  Rem rem(device.model, device.service, SampleDevice::around({SampleDevice::umts_cell(10'612, 44, -71.4)}), Seconds{0});
  rem.power_up(device.now());
  rem.advance(device.now());
  EXPECT_EQ(device.at("REM.WCDMAFDD.Cell.1.RF.CPICHRSCP"), "-71");
  EXPECT_EQ(device.at("REM.WCDMAFDD.Cell.1.RF.CPICHEcNo"), "-20");  // half decibels
  EXPECT_EQ(device.at("REM.WCDMAFDD.Cell.1.RF.PrimaryScramblingCode"), "44");
  EXPECT_EQ(device.at("REM.WCDMAFDD.Cell.1.BCCH.PLMNType"), "GSM-MAP");
}

}  // namespace
}  // namespace hnbemu::radio
