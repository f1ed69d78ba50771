#include <gmock/gmock.h>

#include "sample_model.h"

namespace hnbemu::datamodel {
namespace {

constexpr const char* kUpTime = "Device.DeviceInfo.UpTime";

TEST(Source, WhenSet_ThenEveryReadAsksItAndNobodyIsNotified) {
  DataModel data(sample_model());
  int asked = 0;
  int notified = 0;
  data.observe([&](auto) { ++notified; });
  ASSERT_TRUE(data.set_source(kUpTime, [&] { return fmt::format(" {}", ++asked); }));
  EXPECT_EQ(data.value(kUpTime), "1");
  EXPECT_EQ(data.values(kUpTime)->front().value, "2");
  EXPECT_EQ(data.values("Device.DeviceInfo.")->back().value, "3");
  EXPECT_EQ(notified, 0);
}

TEST(Source, WhenTextIsNoLegalValue_ThenStoredOneIsRead) {
  DataModel data(sample_model());
  ASSERT_TRUE(data.update(kUpTime, "7"));
  ASSERT_TRUE(data.set_source(kUpTime, [] { return "soon"; }));
  EXPECT_EQ(data.value(kUpTime), "7");
  EXPECT_TRUE(data.update(kUpTime, "8"));
  EXPECT_EQ(data.value(kUpTime), "8");
}

TEST(Source, WhenTakenBack_ThenWhatWasSetMeanwhileIsRead) {
  DataModel data(sample_model());
  ASSERT_TRUE(data.set_source("Device.Cell.1.Pci", [] { return "5"; }));
  const Assignment assignment{"Device.Cell.1.Pci", "6", ""};
  ASSERT_TRUE(data.set({&assignment, 1}));
  EXPECT_EQ(data.value("Device.Cell.1.Pci"), "5");
  ASSERT_TRUE(data.set_source("Device.Cell.1.Pci", {}));
  EXPECT_EQ(data.value("Device.Cell.1.Pci"), "6");
}

TEST(Source, WhenParameterIsUnknownOrCounts_ThenItIsRefused) {
  DataModel data(sample_model());
  for (const auto* path : {"Device.Nothing", "Device.Cell.", "Device.Cell.9.Pci", "Device.CellNumberOfEntries", ""}) {
    EXPECT_FALSE(data.set_source(path, [] { return "5"; })) << path;
  }
}

TEST(Source, WhenItReadsItself_ThenStoredValueEndsTheChain) {
  DataModel data(sample_model());
  ASSERT_TRUE(data.update(kUpTime, "10"));
  ASSERT_TRUE(data.set_source(kUpTime, [&] { return std::to_string(std::stoi(*data.value(kUpTime)) + 1); }));
  EXPECT_EQ(data.value(kUpTime), std::to_string(10 + kMaxSourceDepth));
}

TEST(Source, WhenRowIsDeleted_ThenALaterRowDoesNotHaveIt) {
  DataModel data(sample_model());
  ASSERT_EQ(data.add_object("Device.Cell."), 2u);
  ASSERT_TRUE(data.set_source("Device.Cell.2.Pci", [] { return "5"; }));
  ASSERT_TRUE(data.delete_object("Device.Cell.2."));
  ASSERT_EQ(data.add_object("Device.Cell."), 3u);
  EXPECT_EQ(data.value("Device.Cell.3.Pci"), "0");
}

}  // namespace
}  // namespace hnbemu::datamodel
