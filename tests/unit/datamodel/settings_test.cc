#include <gmock/gmock.h>

#include "sample_model.h"
#include "told.h"

namespace hnbemu::datamodel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const Model> model_of_rows() {
  return TestBuilder()
      .object({.path = "Device.Seen.{i}."})
      .parameter({.path = "Device.Seen.{i}.Alias", .writable = true})
      .parameter({.path = "Device.Reset", .type = Type::boolean, .writable = true, .command = true})
      .row("Device.Seen.1.")
      .build();
}

// "" or the faults, as "path code".
std::string load(DataModel& data, const std::vector<Setting>& settings) {
  const auto done = data.load(settings);
  std::string faults;
  if (done) return faults;
  for (const auto& fault : done.error())
    faults += fmt::format("{}{} {}", faults.empty() ? "" : "; ", fault.path, static_cast<int>(fault.code));
  return faults;
}

TEST(Settings, WhenTaken_ThenTheyAreWhatTheAcsMaySetSecretsToo) {
  DataModel data(sample_model());
  EXPECT_THAT(data.settings(),
              ElementsAre(Setting{"Device.Mgmt.Password", "secret"}, Setting{"Device.Mgmt.Enable", "true"},
                          Setting{"Device.Mgmt.Time", "0001-01-01T00:00:00Z"}, Setting{"Device.Cell.", "1"},
                          Setting{"Device.Cell.1.Name", "first"}, Setting{"Device.Cell.1.Pci", "0"},
                          Setting{"Device.Cell.1.State", "Disabled"}, Setting{"Device.Cell.1.Rf.Carrier.", "2"},
                          Setting{"Device.Cell.1.Rf.Carrier.2.Power", "0"}));
}

TEST(Settings, WhenTaken_ThenCommandsAndRowsOfTheDevicesOwnAreNotAmongThem) {
  DataModel data(model_of_rows());
  ASSERT_TRUE(data.add_object("Device.Seen.", Origin::device));
  EXPECT_THAT(data.settings(), ElementsAre(Setting{"Device.Seen.1.Alias", "cpe-1"}));
}

TEST(Settings, WhenLoadedIntoAnotherDevice_ThenItIsTheSame) {
  DataModel data(sample_model());
  ASSERT_EQ(data.add_object("Device.Cell.").value(), 2u);
  ASSERT_EQ(data.add_object("Device.Cell.").value(), 3u);
  ASSERT_TRUE(data.delete_object("Device.Cell.1."));
  ASSERT_EQ(data.add_object("Device.Cell.3.Rf.Carrier.").value(), 1u);
  ASSERT_EQ(set_one(data, {{"Device.Cell.3.Rf.Carrier.1.Power", "-7", ""}, {"Device.Mgmt.Password", "new", ""}}), "");
  DataModel other(sample_model());
  EXPECT_EQ(load(other, data.settings()), "");
  EXPECT_EQ(other.settings(), data.settings());
  EXPECT_EQ(other.add_object("Device.Cell.").value(), 4u);
}

TEST(Settings, WhenLoaded_ThenObserversHearOfAllThatIsOther) {
  DataModel data(sample_model());
  const auto heard = listen(data);
  EXPECT_EQ(load(data, {{"Device.Cell.5.Pci", "7"},
                        {"Device.Cell.5.Rf.Carrier.", "3"},
                        {"Device.Cell.", "5 2"},
                        {"Device.Mgmt.Enable", "true"}}),
            "");
  EXPECT_THAT(*heard,
              ElementsAre("-Device.Cell.1.", "+Device.Cell.2.", "+Device.Cell.5.", "Device.CellNumberOfEntries=2",
                          "+Device.Cell.5.Rf.Carrier.3.", "Device.Cell.5.Pci=7"));
}

TEST(Settings, WhenAnythingIsRefused_ThenNothingIsChangedAndNobodyIsTold) {
  DataModel data(sample_model());
  data.refuse_when("Device.Mgmt.Enable", [](std::string_view) { return std::optional<std::string>("no"); });
  const auto before = data.settings();
  const auto heard = listen(data);
  const std::vector<Setting> good{{"Device.Cell.", "2 3"}, {"Device.Cell.2.Pci", "5"}};
  const std::pair<Setting, const char*> wrong[] = {
      {{"Device.None", "1"}, "Device.None 9005"},
      {{"Device.Cell.1.Pci", "1"}, "Device.Cell.1.Pci 9005"},  // its row goes
      {{"Device.Cell.3.Pci", "1024"}, "Device.Cell.3.Pci 9007"},
      {{"Device.DeviceInfo.SerialNumber", "2"}, "Device.DeviceInfo.SerialNumber 9008"},
      {{"Device.Mgmt.Enable", "false"}, "Device.Mgmt.Enable 9007"},
      {{"Device.Cell.2.Pci", "6"}, "Device.Cell.2.Pci 9003"},
      {{"Device.Cell.", "1"}, "Device.Cell. 9003"},
      {{"Device.None.", "1"}, "Device.None. 9005"},
      {{"Device.Scan.", "1"}, "Device.Scan. 9008"},
      {{"Device.Cell.3.Rf.Carrier.", "1 x"}, "Device.Cell.3.Rf.Carrier. 9007"},
      {{"Device.Cell.3.Rf.Carrier.", "1 1"}, "Device.Cell.3.Rf.Carrier. 9007"},
      {{"Device.Cell.3.Rf.Carrier.", "4294967295"}, "Device.Cell.3.Rf.Carrier. 9007"},
      {{"", "1"}, " 9005"}};
  for (const auto& [setting, fault] : wrong) {
    auto settings = good;
    settings.push_back(setting);
    EXPECT_EQ(load(data, settings), fault);
  }
  EXPECT_EQ(load(data, {{"Device.Cell.", "1 2 3 4"}}), "Device.Cell. 9004");
  EXPECT_EQ(data.settings(), before);
  EXPECT_THAT(*heard, IsEmpty());
}

TEST(Settings, WhenAValueMayNotBeSet_ThenItMayStay) {
  DataModel data(sample_model());
  data.refuse_when("Device.Mgmt.Enable", [](std::string_view) { return std::optional<std::string>("no"); });
  EXPECT_EQ(load(data, data.settings()), "");
  EXPECT_EQ(load(data, {{"Device.Mgmt.Enable", "false"}}), "Device.Mgmt.Enable 9007");
}

}  // namespace
}  // namespace hnbemu::datamodel
