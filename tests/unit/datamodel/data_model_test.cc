#include "datamodel/data_model.h"

#include <gmock/gmock.h>

#include "sample_model.h"

namespace hnbemu::datamodel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> read(const DataModel& data, std::string_view path) {
  std::vector<std::string> lines;
  const auto values = data.values(path);
  if (!values) return {fmt::format("fault {}", static_cast<int>(values.error()))};
  for (const auto& value : *values) lines.push_back(value.path + "=" + value.value);
  return lines;
}

std::vector<std::string> list(const DataModel& data, std::string_view path, bool next_level) {
  std::vector<std::string> lines;
  const auto names = data.names(path, next_level);
  if (!names) return {fmt::format("fault {}", static_cast<int>(names.error()))};
  for (const auto& name : *names) lines.push_back(name.path + (name.writable ? " W" : ""));
  return lines;
}

std::vector<std::string> write(DataModel& data, std::vector<Assignment> assignments) {
  const auto done = data.set(assignments);
  std::vector<std::string> lines;
  if (done) return lines;
  for (const auto& fault : done.error())
    lines.push_back(fmt::format("{} {}", fault.path, static_cast<int>(fault.code)));
  return lines;
}

// What the observers are told, as text.
std::shared_ptr<std::vector<std::string>> watch(DataModel& data) {
  auto seen = std::make_shared<std::vector<std::string>>();
  data.observe([seen](std::span<const Change> changes) {
    for (const Change& change : changes) {
      const char* sign = change.kind == Change::Kind::value ? "" : change.kind == Change::Kind::added ? "+" : "-";
      seen->push_back(sign + change.path + (change.kind == Change::Kind::value ? "=" + change.value : ""));
    }
  });
  return seen;
}

TEST(GetParameterValues, WhenPathIsFullOrPartial_ThenValuesComeInTreeOrder) {
  const DataModel data(sample_model());
  EXPECT_THAT(read(data, "Device.DeviceInfo.SerialNumber"), ElementsAre("Device.DeviceInfo.SerialNumber=0001"));
  EXPECT_THAT(read(data, "Device.Mgmt."),
              ElementsAre("Device.Mgmt.Password=", "Device.Mgmt.Enable=true", "Device.Mgmt.Time=0001-01-01T00:00:00Z"));
  EXPECT_THAT(read(data, "Device.Cell."),
              ElementsAre("Device.Cell.1.Name=first", "Device.Cell.1.Pci=0", "Device.Cell.1.State=Disabled",
                          "Device.Cell.1.Rf.Carrier.2.Power=0"));
  EXPECT_THAT(read(data, "Device.Cell.1.Rf.Carrier.2."), ElementsAre("Device.Cell.1.Rf.Carrier.2.Power=0"));
}

TEST(GetParameterValues, WhenPathIsEmpty_ThenWholeTreeIsGiven) {
  const DataModel data(sample_model());
  EXPECT_EQ(read(data, ""), read(data, "Device."));
  EXPECT_EQ(data.values("")->size(), 10u);
}

TEST(GetParameterValues, WhenTableHasNoRows_ThenListIsEmpty) {
  EXPECT_THAT(read(DataModel(sample_model()), "Device.Scan."), IsEmpty());
}

TEST(GetParameterValues, WhenPathIsUnknown_Then9005) {
  const DataModel data(sample_model());
  for (const auto* path :
       {"Device", ".", "Device..", "Device.Nothing.", "Device.DeviceInfo", "Device.DeviceInfo.SerialNumber.",
        "Device.Cell.2.", "Device.Cell.01.", "Device.Cell.1", "Device.Cell.{i}.", "Device.Cell.Name",
        "Device.Cell.-1.Name", "Device.Cell.99999999999.Name", "device.", "Device.Cell.1.1."}) {
    EXPECT_THAT(read(data, path), ElementsAre("fault 9005")) << path;
  }
  EXPECT_THAT(read(data, std::string(100'000, '.')), ElementsAre("fault 9005"));
}

TEST(GetParameterValues, WhenParameterIsHidden_ThenItReadsEmptyButDeviceSeesIt) {
  const DataModel data(sample_model());
  EXPECT_THAT(read(data, "Device.Mgmt.Password"), ElementsAre("Device.Mgmt.Password="));
  EXPECT_EQ(data.value("Device.Mgmt.Password"), "secret");
  EXPECT_EQ(data.value("Device.Mgmt."), std::nullopt);
}

// TR-069 A.3.2.3
TEST(GetParameterNames, WhenNextLevel_ThenOnlyChildrenAreListed) {
  const DataModel data(sample_model());
  EXPECT_THAT(list(data, "", true), ElementsAre("Device."));
  EXPECT_THAT(list(data, "Device.", true), ElementsAre("Device.DeviceInfo.", "Device.Mgmt.", "Device.Cell. W",
                                                       "Device.CellNumberOfEntries", "Device.Scan."));
  EXPECT_THAT(list(data, "Device.Cell.", true), ElementsAre("Device.Cell.1. W"));
  EXPECT_THAT(list(data, "Device.Scan.", true), IsEmpty());
}

TEST(GetParameterNames, WhenNotNextLevel_ThenObjectItselfAndAllBelowAreListed) {
  const DataModel data(sample_model());
  EXPECT_THAT(list(data, "Device.Cell.", false),
              ElementsAre("Device.Cell. W", "Device.Cell.1. W", "Device.Cell.1.Name W", "Device.Cell.1.Pci W",
                          "Device.Cell.1.State W", "Device.Cell.1.Rf.", "Device.Cell.1.Rf.Carrier. W",
                          "Device.Cell.1.Rf.Carrier.2. W", "Device.Cell.1.Rf.Carrier.2.Power W"));
  EXPECT_THAT(list(data, "Device.Mgmt.Enable", false), ElementsAre("Device.Mgmt.Enable W"));
  EXPECT_EQ(list(data, "", false), list(data, "Device.", false));
}

TEST(GetParameterNames, WhenNextLevelOfParameter_Then9003) {
  const DataModel data(sample_model());
  EXPECT_THAT(list(data, "Device.Mgmt.Enable", true), ElementsAre("fault 9003"));
  EXPECT_THAT(list(data, "Device.Nothing", true), ElementsAre("fault 9005"));
}

TEST(GetParameterNames, WhenComparedWithValues_ThenBothKnowSameParameters) {
  const DataModel data(sample_model());
  std::vector<std::string> names;
  std::vector<std::string> values;
  const auto all_names = data.names("", false);
  const auto all_values = data.values("");
  for (const auto& name : *all_names) {
    if (!name.path.ends_with('.')) names.push_back(name.path);
  }
  for (const auto& value : *all_values) values.push_back(value.path);
  EXPECT_EQ(names, values);
}

// TR-069 A.3.2.1
TEST(SetParameterValues, WhenAllAreLegal_ThenCanonicalValuesAreStored) {
  DataModel data(sample_model());
  EXPECT_THAT(write(data, {{"Device.Cell.1.Pci", " 042", "xsd:unsignedInt"}, {"Device.Mgmt.Enable", "0", "boolean"}}),
              IsEmpty());
  EXPECT_EQ(data.value("Device.Cell.1.Pci"), "42");
  EXPECT_EQ(data.value("Device.Mgmt.Enable"), "false");
}

TEST(SetParameterValues, WhenSomeAreWrong_ThenAllFaultsAreToldAndNothingIsSet) {
  DataModel data(sample_model());
  const auto seen = watch(data);
  EXPECT_THAT(write(data, {{"Device.Cell.1.Name", "new", "xsd:string"},
                           {"Device.Nothing", "1", "xsd:string"},
                           {"Device.DeviceInfo.SerialNumber", "1", "xsd:string"},
                           {"Device.Mgmt.Enable", "1", "xsd:string"},
                           {"Device.Cell.1.Pci", "1024", "xsd:unsignedInt"},
                           {"Device.Cell.1.Pci", "1", "xsd:unsignedInt"},
                           {"Device.Cell.1.State", "enabled", "xsd:string"},
                           {"Device.Cell.", "", "xsd:string"},
                           {"", "", "xsd:string"}}),
              ElementsAre("Device.Nothing 9005", "Device.DeviceInfo.SerialNumber 9008", "Device.Mgmt.Enable 9006",
                          "Device.Cell.1.Pci 9007", "Device.Cell.1.Pci 9003", "Device.Cell.1.State 9007",
                          "Device.Cell. 9005", " 9005"));
  EXPECT_EQ(data.value("Device.Cell.1.Name"), "first");
  EXPECT_THAT(*seen, IsEmpty());
}

TEST(SetParameterValues, WhenTypingIsLenient_ThenTextDecides) {
  DataModel data(sample_model(Typing::lenient));
  EXPECT_THAT(write(data, {{"Device.Cell.1.Pci", "7", "xsd:string"}, {"Device.Mgmt.Enable", "1", "xsd:int"}}),
              IsEmpty());
  EXPECT_THAT(write(data, {{"Device.Cell.1.Pci", "x", "xsd:string"}}), ElementsAre("Device.Cell.1.Pci 9006"));
  EXPECT_THAT(write(data, {{"Device.Cell.1.Pci", "x", "xsd:unsignedInt"}}), ElementsAre("Device.Cell.1.Pci 9007"));
}

TEST(SetParameterValues, WhenNoTypeIsDeclared_ThenStrictTypingLooksAtValueAlone) {
  DataModel data(sample_model());
  EXPECT_THAT(write(data, {{"Device.Cell.1.Pci", "7", ""}}), IsEmpty());
  EXPECT_THAT(write(data, {{"Device.Cell.1.Pci", "x", ""}}), ElementsAre("Device.Cell.1.Pci 9007"));
}

TEST(Observation, WhenValueIsSetToWhatItWas_ThenNothingIsReported) {
  DataModel data(sample_model());
  const auto seen = watch(data);
  write(data, {{"Device.Mgmt.Enable", "1", ""}, {"Device.Cell.1.Pci", "5", ""}});
  write(data, {{"Device.Cell.1.Pci", "05", ""}});
  EXPECT_TRUE(data.update("Device.DeviceInfo.UpTime", "9"));
  EXPECT_TRUE(data.update("Device.DeviceInfo.UpTime", "9"));
  EXPECT_THAT(*seen, ElementsAre("Device.Cell.1.Pci=5", "Device.DeviceInfo.UpTime=9"));
}

TEST(Update, WhenDeviceWritesReadOnlyParameter_ThenItIsAllowedIfLegal) {
  DataModel data(sample_model());
  EXPECT_TRUE(data.update("Device.DeviceInfo.UpTime", "10"));
  EXPECT_FALSE(data.update("Device.DeviceInfo.UpTime", "ten"));
  EXPECT_FALSE(data.update("Device.Nothing", "1"));
  EXPECT_FALSE(data.update("Device.CellNumberOfEntries", "5"));
  EXPECT_EQ(data.value("Device.DeviceInfo.UpTime"), "10");
}

// TR-069 A.3.2.6, A.3.2.7
TEST(Objects, WhenRowsComeAndGo_ThenNumbersAreNotReusedAndCounterFollows) {
  DataModel data(sample_model());
  const auto seen = watch(data);
  EXPECT_EQ(data.add_object("Device.Cell."), 2u);
  EXPECT_EQ(data.value("Device.Cell.2.Name"), "cell");
  EXPECT_EQ(data.value("Device.CellNumberOfEntries"), "2");
  write(data, {{"Device.Cell.2.Name", "two", ""}});
  EXPECT_TRUE(data.delete_object("Device.Cell.2."));
  EXPECT_EQ(data.add_object("Device.Cell."), 3u);
  EXPECT_EQ(data.value("Device.Cell.2.Name"), std::nullopt);
  EXPECT_EQ(data.value("Device.Cell.3.Name"), "cell");
  EXPECT_THAT(
      *seen, ElementsAre("+Device.Cell.2.", "Device.CellNumberOfEntries=2", "Device.Cell.2.Name=two", "-Device.Cell.2.",
                         "Device.CellNumberOfEntries=1", "+Device.Cell.3.", "Device.CellNumberOfEntries=2"));
}

TEST(Objects, WhenRowIsDeleted_ThenRowsBelowGoWithIt) {
  DataModel data(sample_model());
  EXPECT_EQ(data.add_object("Device.Cell.1.Rf.Carrier."), 3u);
  EXPECT_TRUE(data.update("Device.Cell.1.Rf.Carrier.3.Power", "-7"));
  EXPECT_TRUE(data.delete_object("Device.Cell.1."));
  EXPECT_THAT(read(data, "Device.Cell."), IsEmpty());
  EXPECT_EQ(data.add_object("Device.Cell."), 2u);
  EXPECT_THAT(read(data, "Device.Cell.2.Rf."), IsEmpty());
  EXPECT_EQ(data.add_object("Device.Cell.2.Rf.Carrier."), 1u);
  EXPECT_EQ(data.value("Device.Cell.2.Rf.Carrier.1.Power"), "0");
}

TEST(Objects, WhenTableIsFullReadOnlyOrNone_ThenFaultSaysSo) {
  DataModel data(sample_model());
  EXPECT_EQ(data.add_object("Device.Scan.").error(), FaultCode::invalid_parameter_name);
  EXPECT_EQ(data.add_object("Device.Scan.", Origin::device), 1u);
  EXPECT_EQ(data.delete_object("Device.Scan.1.").error(), FaultCode::invalid_parameter_name);
  EXPECT_TRUE(data.delete_object("Device.Scan.1.", Origin::device));
  for (const auto* path : {"Device.", "Device.Mgmt.", "Device.Cell", "Device.Cell.1.", "Device.Mgmt.Enable", ""}) {
    EXPECT_EQ(data.add_object(path).error(), FaultCode::invalid_parameter_name) << path;
  }
  for (const auto* path : {"Device.", "Device.Mgmt.", "Device.Cell.", "Device.Cell.7.", "Device.Mgmt.Enable", ""}) {
    EXPECT_EQ(data.delete_object(path).error(), FaultCode::invalid_parameter_name) << path;
  }
  EXPECT_TRUE(data.add_object("Device.Cell."));
  EXPECT_TRUE(data.add_object("Device.Cell."));
  EXPECT_EQ(data.add_object("Device.Cell.").error(), FaultCode::resources_exceeded);
}

TEST(SharedModel, WhenOneDeviceChanges_ThenOtherKeepsFreshValues) {
  const auto model = sample_model();
  DataModel one(model);
  const DataModel other(model);
  write(one, {{"Device.Cell.1.Name", "mine", ""}});
  one.delete_object("Device.Cell.1.");
  EXPECT_EQ(other.value("Device.Cell.1.Name"), "first");
}

TEST(Refusal, WhenAnybodyButTheDeviceWritesARefusedValue_ThenItGets9007AndTheText) {
  DataModel data(sample_model());
  data.refuse_when("Device.Mgmt.Enable", [](std::string_view value) {
    return value == "false" ? std::optional<std::string>("not now") : std::nullopt;
  });
  const Assignment off{"Device.Mgmt.Enable", "0", ""};
  const auto refused = data.set({&off, 1});
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().size(), 1u);
  EXPECT_EQ(refused.error()[0].path, "Device.Mgmt.Enable");
  EXPECT_EQ(refused.error()[0].code, FaultCode::invalid_parameter_value);
  EXPECT_EQ(refused.error()[0].text, "not now");
  EXPECT_EQ(data.value("Device.Mgmt.Enable"), "true");
  const Assignment on{"Device.Mgmt.Enable", "1", ""};
  EXPECT_TRUE(data.set({&on, 1}));
  EXPECT_FALSE(data.set({&off, 1}, Origin::command));  // the user's
  EXPECT_TRUE(data.update("Device.Mgmt.Enable", "0"));
}

}  // namespace
}  // namespace hnbemu::datamodel
