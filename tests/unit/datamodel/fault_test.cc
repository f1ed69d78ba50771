#include <gmock/gmock.h>

#include "sample_model.h"
#include "told.h"

namespace hnbemu::datamodel {
namespace {

// A.3.2.1 and A.5.1: of what is wrong with one parameter, the first in this order is told: the name, that it is named
// twice, that it may not be written, the type, the value.
TEST(FaultPrecedence, WhenParameterIsWrongInSeveralWays_ThenTheFirstIsTold) {
  DataModel data(sample_model());
  EXPECT_EQ(set_one(data, {{"Device.Nothing", "x", "xsd:int"}}), "Device.Nothing 9005");
  EXPECT_EQ(set_one(data, {{"Device.Mgmt.", "x", "xsd:int"}}), "Device.Mgmt. 9005");
  EXPECT_EQ(set_one(data, {{"Device.DeviceInfo.UpTime", "x", "xsd:string"}}), "Device.DeviceInfo.UpTime 9008");
  EXPECT_EQ(set_one(data, {{"Device.CellNumberOfEntries", "1", "xsd:unsignedInt"}}), "Device.CellNumberOfEntries 9008");
  EXPECT_EQ(set_one(data, {{"Device.Cell.1.Pci", "2000", "xsd:string"}}), "Device.Cell.1.Pci 9006");
  EXPECT_EQ(set_one(data, {{"Device.Cell.1.Pci", "2000", "xsd:unsignedInt"}}), "Device.Cell.1.Pci 9007");
  EXPECT_EQ(set_one(data, {{"Device.Cell.1.Pci", "x", "xsd:unsignedInt"}}), "Device.Cell.1.Pci 9007");
  EXPECT_EQ(set_one(data, {{"Device.Cell.1.Pci", "1", "xsd:nonsense"}}), "Device.Cell.1.Pci 9006");
  EXPECT_EQ(set_one(data, {{"Device.DeviceInfo.UpTime", "1", ""}, {"Device.DeviceInfo.UpTime", "1", ""}}),
            "Device.DeviceInfo.UpTime 9008; Device.DeviceInfo.UpTime 9003");
}

TEST(FaultPrecedence, WhenUnknownNameComesTwice_ThenBothAre9005) {
  DataModel data(sample_model());
  EXPECT_EQ(set_one(data, {{"Device.X", "1", ""}, {"Device.X", "1", ""}}), "Device.X 9005; Device.X 9005");
}

// TR-106 A.2.3.5: null of signed integers is -1.
TEST(Hidden, WhenParametersAreRead_ThenTheyAreNullOfTheirType) {
  TestBuilder builder;
  builder.parameter({.path = "Device.I", .type = Type::int_, .hidden = true, .value = "5"})
      .parameter({.path = "Device.U", .type = Type::unsigned_long, .hidden = true, .value = "5"})
      .parameter({.path = "Device.B", .type = Type::boolean, .hidden = true, .value = "1"})
      .parameter({.path = "Device.T", .type = Type::date_time, .hidden = true, .value = "2024-01-01T00:00:00Z"})
      .parameter({.path = "Device.H", .type = Type::hex_binary, .hidden = true, .value = "AB"});
  const DataModel data(builder.build());
  std::vector<std::string> read;
  const auto values = *data.values("");
  for (const auto& value : values) read.push_back(value.value);
  EXPECT_THAT(read, ::testing::ElementsAre("-1", "0", "false", "0001-01-01T00:00:00Z", ""));
  EXPECT_EQ(data.value("Device.I"), "5");
}

}  // namespace
}  // namespace hnbemu::datamodel
