#include "radio/self_configuration.h"

#include <gmock/gmock.h>

#include "unit/radio/sample_device.h"

namespace hnbemu::radio {
namespace {

using testing::HasSubstr;
using Cells = std::vector<MeasuredCell>;
const std::string kLteRf = "CellConfig.LTE.RAN.RF.";
const std::string kUmtsRf = "CellConfig.UMTS.RAN.FDDFAP.RF.";

Cells heard(std::vector<config::MacroCell> cells) {
  Cells all;
  for (auto& cell : cells) all.push_back({cell, cell.level_dbm});
  return all;
}

class LteSelfConfiguration : public testing::Test {
 protected:
  Result<> choose(const std::optional<Cells>& measured = Cells{}) { return chooser_.choose(measured); }
  SampleDevice device_{"lte-henb"};
  SelfConfiguration chooser_{device_.model, device_.service, RadioTechnology::lte, 7};
};

TEST_F(LteSelfConfiguration, WhenNotAskedTo_ThenTheListsStayAsTheHmsWroteThem) {
  EXPECT_TRUE(choose(heard({SampleDevice::lte_cell(1750, 201, -80)})));
  EXPECT_EQ(device_.at(kLteRf + "PhyCellID"), "201,202,203");
  EXPECT_EQ(device_.at(kLteRf + "EARFCNDL"), "1750");
}

// TR-196 issue 2: the FAP overwrites the list with the one selected.
TEST_F(LteSelfConfiguration, WhenAskedTo_ThenTheListsAreOverwrittenWithTheChoice) {
  device_.set("FAPControl.SelfConfigEvents", "InitialREM");
  device_.set(kLteRf + "EARFCNDL", "1850,1750");
  device_.set(kLteRf + "PhyCellID", "201..203");
  EXPECT_TRUE(choose(heard({SampleDevice::lte_cell(1850, 1, -80), SampleDevice::lte_cell(1750, 201, -100),
                            SampleDevice::lte_cell(1750, 202, -100)})));
  EXPECT_EQ(device_.at(kLteRf + "EARFCNDL"), "1750");
  EXPECT_EQ(device_.at(kLteRf + "EARFCNUL"), "19750");
  EXPECT_EQ(device_.at(kLteRf + "PhyCellID"), "203");
  EXPECT_FALSE(chooser_.changed());
  device_.set(kLteRf + "PhyCellID", "5,6");
  EXPECT_TRUE(chooser_.changed());
}

TEST_F(LteSelfConfiguration, WhenThereIsOneItem_ThenItIsTheHmssExplicitChoice) {
  device_.set("FAPControl.SelfConfigEvents", "InitialREM");
  device_.set(kLteRf + "PhyCellID", "201");
  EXPECT_TRUE(choose(heard({SampleDevice::lte_cell(1750, 201, -80)})));
  EXPECT_TRUE(choose(std::nullopt));
}

TEST_F(LteSelfConfiguration, WhenAllCodesAreTaken_ThenItSaysSo) {
  device_.set("FAPControl.SelfConfigEvents", "InitialREM");
  device_.set(kLteRf + "PhyCellID", "201,202");
  const auto none = choose(heard({SampleDevice::lte_cell(1750, 201, -80), SampleDevice::lte_cell(1750, 202, -80)}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().detail, "PhyCellID: neighbours on channel 1750 have them all");
  EXPECT_EQ(device_.at(kLteRf + "PhyCellID"), "201,202");
}

TEST_F(LteSelfConfiguration, WhenAListIsEmptyOrWrongOrOutOfBand_ThenItSaysWhich) {
  device_.set(kLteRf + "PhyCellID", "504");
  EXPECT_THAT(choose().error().detail, HasSubstr("PhyCellID: item 1"));
  device_.set(kLteRf + "PhyCellID", "1");
  device_.set(kLteRf + "EARFCNDL", "6200");
  EXPECT_THAT(choose().error().detail, HasSubstr("EARFCNDL: none is in a band that the device supports (1, 3, 7)"));
}

TEST_F(LteSelfConfiguration, WhenTheScanFailed_ThenThereIsNothingToChooseBy) {
  EXPECT_TRUE(choose(std::nullopt));  // nor was there anything to choose
  device_.set("FAPControl.SelfConfigEvents", "InitialREM");
  EXPECT_THAT(choose(std::nullopt).error().detail, HasSubstr("measurement failed"));
}

// TR-196 issue 1: the choice goes to …InUse, and each value has its own switch.
TEST(UmtsSelfConfiguration, WhenAskedTo_ThenTheChoiceIsInUse) {
  SampleDevice device("umts-hnb");
  SelfConfiguration chooser(device.model, device.service, RadioTechnology::umts, 7);
  EXPECT_TRUE(chooser.choose(Cells{}));
  EXPECT_EQ(device.at(kUmtsRf + "UARFCNDLInUse"), "10562");
  EXPECT_EQ(device.at(kUmtsRf + "UARFCNULInUse"), "9612");
  EXPECT_EQ(device.at(kUmtsRf + "PrimaryScramblingCodeInUse"), "401");

  device.set("FAPControl.SelfConfigEvents", "InitialREM");
  device.set("FAPControl.UMTS.SelfConfig.UARFCNSelfConfigEnable", "1");
  device.set("FAPControl.UMTS.SelfConfig.PrimaryScramblingCodeSelfConfigEnable", "1");
  device.set(kUmtsRf + "PrimaryScramblingCode", "401,402");
  EXPECT_TRUE(chooser.changed());
  EXPECT_TRUE(
      chooser.choose(heard({SampleDevice::umts_cell(10'562, 1, -70), SampleDevice::umts_cell(10'587, 402, -100)})));
  EXPECT_EQ(device.at(kUmtsRf + "UARFCNDL"), "10562,10587");
  EXPECT_EQ(device.at(kUmtsRf + "UARFCNDLInUse"), "10587");
  EXPECT_EQ(device.at(kUmtsRf + "UARFCNULInUse"), "9637");
  EXPECT_EQ(device.at(kUmtsRf + "PrimaryScramblingCodeInUse"), "401");
}

TEST(UmtsSelfConfiguration, WhenAListIsEmptyAndTheDeviceIsToChoose_ThenItCannot) {
  auto profile = config::load_profile("umts-hnb", {HNBEMU_SOURCE_DIR "/profiles"}).value();
  std::erase_if(profile.values, [](const auto& value) { return value.path.ends_with("PrimaryScramblingCode"); });
  datamodel::DataModel model(*profile::make_model(profile));
  const std::string service = "InternetGatewayDevice.Services.FAPService.1.";
  SelfConfiguration chooser(model, service, RadioTechnology::umts, 7);
  ASSERT_EQ(model.value(service + kUmtsRf + "PrimaryScramblingCode"), "");
  EXPECT_TRUE(chooser.choose(Cells{}));  // the device has one of its own
  model.update(service + "FAPControl.SelfConfigEvents", "InitialREM");
  model.update(service + "FAPControl.UMTS.SelfConfig.PrimaryScramblingCodeSelfConfigEnable", "1");
  const auto chosen = chooser.choose(Cells{});
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().detail, "PrimaryScramblingCode: the list is empty");
}

// Cells that the HMS names count too, heard or not.
TEST(Neighbours, WhenTheHmsNamesACell_ThenItsCodeIsTaken) {
  auto profile = config::load_profile("lte-henb", {HNBEMU_SOURCE_DIR "/profiles"}).value();
  const std::string table = "Device.Services.FAPService.{i}.CellConfig.LTE.RAN.NeighborList.LTECell.{i}.";
  profile.parameters.push_back({table + "Enable", "boolean rw", ""});
  profile.parameters.push_back({table + "EUTRACarrierARFCN", "unsignedInt(:65535) rw", ""});
  profile.parameters.push_back({table + "PhyCellID", "unsignedInt(:503) rw", ""});
  datamodel::DataModel model(*profile::make_model(profile));
  const std::string service = "Device.Services.FAPService.1.";
  const auto row = service + "CellConfig.LTE.RAN.NeighborList.LTECell.";
  ASSERT_TRUE(model.add_object(row, datamodel::Origin::device));
  model.update(row + "1.Enable", "1");
  model.update(row + "1.EUTRACarrierARFCN", "1750");
  model.update(row + "1.PhyCellID", "201");
  model.update(service + "FAPControl.SelfConfigEvents", "InitialREM");
  SelfConfiguration chooser(model, service, RadioTechnology::lte, 7);
  model.update(service + kLteRf + "PhyCellID", "201,202");
  EXPECT_TRUE(chooser.choose(Cells{}));
  EXPECT_EQ(model.value(service + kLteRf + "PhyCellID"), "202");
}

}  // namespace
}  // namespace hnbemu::radio
