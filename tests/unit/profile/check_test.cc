#include "profile/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "profile/profile_model.h"
#include "profile/tree.h"

namespace hnbemu::profile {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kTable = R"(source made-for-this-test
model Device:2.1
Device.
  RootDataModelVersion: string(:32) ro inform
Device.Mgmt.
  URL: string(:256) rw
  Key: string(:32) ro inform active=deniable
  Period: unsignedInt(1:) rw = 60
  CellNumberOfEntries: unsignedInt ro
Device.Mgmt.Cell.{i}. rw entries(0:4) count(CellNumberOfEntries)
  Name: string(:8) rw
  State: string{Up|Down} ro
Device.Mgmt.Cell.{i}.Radio.
  Power: int(-10:20) rw
Device.Other.
  Thing: boolean rw
profile Base:1
  Device.Mgmt. present: URL=rw Key
profile Cells:1 extends(Base:1)
  Device.Mgmt.Cell.{i}. createDelete: Name=rw State
  Device.Other. present: Thing=rw
)";

constexpr const char* kService = R"(source made-for-this-test
model ToyService:1.0 service
.
  ToyServiceNumberOfEntries: unsignedInt ro
ToyService.{i}. count(ToyServiceNumberOfEntries)
  Colour: string rw
)";

constexpr const char* kProfile = R"(technology: none
identity: {manufacturer: M, oui: "00256D", product_class: P, hardware_version: "1", software_version: "2"}
roles:
  acs_url: Device.Mgmt.URL
  parameter_key: Device.Mgmt.Key
  connection_request_url: Device.I.CR
  periodic_inform_enable: Device.I.PE
  periodic_inform_interval: Device.Mgmt.Period
  periodic_inform_time: Device.I.PT
  serial_number: Device.I.Serial
  software_version: Device.I.Version
inform_parameters: [Device.Mgmt.Key]
objects:
  Device.I.: {CR: string ro, PE: boolean rw, PT: dateTime rw, Serial: string ro, Version: string ro}
models:
)";

// Profiles and tables in a folder that goes with the test.
class Check : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "hnbemu_check_" + std::to_string(::getpid());
    std::filesystem::create_directories(folder_ + "/models");
    std::ofstream(folder_ + "/models/toy-2.table") << kTable;
    std::ofstream(folder_ + "/models/toyservice-1.table") << kService;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  // What is wrong, without the folder.
  std::vector<std::string> mistakes(const std::string& rest) {
    std::ofstream(folder_ + "/toy.yaml") << kProfile << rest;
    auto lines = check("toy", {folder_}).mistakes;
    for (auto& line : lines) {
      if (line.starts_with(folder_)) line.erase(0, folder_.size() + 1);
    }
    return lines;
  }
  std::vector<std::string> paths(const std::string& rest) {
    EXPECT_THAT(mistakes(rest), IsEmpty());
    const auto profile = config::load_profile("toy", {folder_});
    const auto model = make_model(profile.value());
    std::vector<std::string> paths;
    for (const auto& node : tree_of(model.value())) {
      if (node.kind == TreeNode::Kind::parameter && !node.path.starts_with("Device.I.")) paths.push_back(node.path);
    }
    return paths;
  }
  std::string folder_;
};

TEST_F(Check, WhenObjectsAreAskedFor_ThenTheyComeWithAllBelowAndTheirCounts) {
  EXPECT_THAT(paths("  toy-2: [Device.Mgmt.URL, Device.Mgmt.Key, Device.Mgmt.Period]\n"),
              ElementsAre("Device.Mgmt.URL", "Device.Mgmt.Key", "Device.Mgmt.Period"));
  EXPECT_THAT(paths("  toy-2:\n    has: [Device.Mgmt.]\n    without: ['Device.Mgmt.Cell.{i}.']\n"),
              ElementsAre("Device.Mgmt.URL", "Device.Mgmt.Key", "Device.Mgmt.Period"));
  EXPECT_THAT(paths("  toy-2: [Device.Mgmt.URL, Device.Mgmt.Key, Device.Mgmt.Period, 'Device.Mgmt.Cell.{i}.Name']\n"
                    "rows: [Device.Mgmt.Cell.1., Device.Mgmt.Cell.3.]\n"),
              ElementsAre("Device.Mgmt.URL", "Device.Mgmt.Key", "Device.Mgmt.Period", "Device.Mgmt.CellNumberOfEntries",
                          "Device.Mgmt.Cell.1.Name", "Device.Mgmt.Cell.3.Name"));
}

TEST_F(Check, WhenTableIsAService_ThenItStandsBelowServicesOfTheRoot) {
  const std::string base = "  toy-2: [Device.Mgmt.URL, Device.Mgmt.Key, Device.Mgmt.Period]\n";
  EXPECT_THAT(
      paths(base + "  toyservice-1: ['ToyService.{i}.']\nrows: [Device.Services.ToyService.1.]\n"),
      AllOf(Contains("Device.Services.ToyServiceNumberOfEntries"), Contains("Device.Services.ToyService.1.Colour")));
  EXPECT_THAT(paths(base + "  toyservice-1: {has: ['ToyService.{i}.'], mount: Device.Else.}\n"),
              Contains("Device.Else.ToyService.{i}.Colour"));
}

TEST_F(Check, WhenProfileDefinesWhatItsModelHas_ThenItsOwnCounts) {
  std::ofstream(folder_ + "/parent.yaml") << kProfile << "  toy-2: [Device.Mgmt.]\n";
  std::ofstream(folder_ + "/child.yaml") << "extends: parent\nobjects: {Device.Mgmt.: {Period: int(5:) ro = 7}}\n";
  const auto profile = config::load_profile("child", {folder_});
  const auto model = make_model(profile.value());
  ASSERT_TRUE(model) << model.error().detail;
  EXPECT_EQ(datamodel::DataModel(*model).value("Device.Mgmt.Period"), "7");
}

TEST_F(Check, WhenSeveralThingsAreWrong_ThenAllAreTold) {
  const auto lines = mistakes(
      "  toy-2: [Device.Mgmt., Device.Othre.]\n"
      "  toy-3: [Device.]\n"
      "location_parameters: [Device.Mgmt.Kex, Device.Mgmt.Cell.2.Name]\n"
      "rows: [Device.Mgmt.Cell.1., Device.Mgmt.]\n"
      "values:\n"
      "  Device.Mgmt.Period: 0\n"
      "  Device.Mgmt.Cell.1.Radio.Powr: 1\n"
      "  Device.I.PE: maybe\n");
  EXPECT_THAT(lines, Contains("toy.yaml:16:25: toy-2 has no 'Device.Othre.', did you mean 'Device.Other.'?"));
  EXPECT_THAT(lines, Contains(HasSubstr("there is no model 'toy-3', did you mean 'toy-2'?")));
  EXPECT_THAT(lines, Contains("toy.yaml:18:23: location_parameters: there is no parameter 'Device.Mgmt.Kex', did you "
                              "mean 'Device.Mgmt.Key'?"));
  EXPECT_THAT(lines, Contains(HasSubstr("a fresh device has no row for 'Device.Mgmt.Cell.2.Name'")));
  EXPECT_THAT(lines, Contains(HasSubstr("not an instance of a multi-instance object")));
  EXPECT_THAT(lines, Contains("toy.yaml:21:23: Device.Mgmt.Period: '0' is no legal value of xsd:unsignedInt"));
  EXPECT_THAT(lines, Contains(EndsWith("did you mean 'Device.Mgmt.Cell.{i}.Radio.Power'?")));
  EXPECT_THAT(lines, Contains("toy.yaml:23:16: Device.I.PE: 'maybe' is no legal value of xsd:boolean"));
}

TEST_F(Check, WhenDefinitionIsWrong_ThenPlaceAndReasonAreTold) {
  const std::string base = "  toy-2: [Device.Mgmt.]\n";
  std::ofstream(folder_ + "/parent.yaml") << kProfile << base;
  std::ofstream(folder_ + "/toy2.yaml")
      << "extends: parent\nobjects:\n  Device.X.: {A: strin ro, B: 'int(:3) ro = 4', C: int}\n";
  const auto lines = check("toy2", {folder_}).mistakes;
  EXPECT_THAT(lines, Contains(HasSubstr("toy2.yaml:3:18: Device.X.A: ")));
  EXPECT_THAT(lines, Contains(HasSubstr("toy2.yaml:3:31: Device.X.B: '4' is no legal value of")));
  EXPECT_THAT(lines, Contains(HasSubstr("toy2.yaml:3:52: Device.X.C: ")));
}

TEST_F(Check, WhenCountHasAValue_ThenItIsToldThatNobodySeesIt) {
  EXPECT_THAT(mistakes("  toy-2: [Device.Mgmt.]\nvalues: {Device.Mgmt.CellNumberOfEntries: 3}\n"),
              ElementsAre(EndsWith("'Device.Mgmt.CellNumberOfEntries' counts rows: drop its value")));
}

TEST_F(Check, WhenTemplateDoesNotFit_ThenItIsTold) {
  EXPECT_THAT(mistakes("  toy-2: [Device.Mgmt.]\nvalues: {Device.Mgmt.Cell.1.Name: 'x{mac}'}\n"),
              ElementsAre(EndsWith("'x02:00:5E:00:00:01' is no legal value of Device.Mgmt.Cell.1.Name")));
}

TEST_F(Check, WhenClaimIsNotMet_ThenWhatLacksIsTold) {
  EXPECT_THAT(mistakes("  toy-2: [Device.Mgmt.]\nclaims: [Base:1]\n"), IsEmpty());
  EXPECT_THAT(mistakes("  toy-2: [Device.Mgmt.]\nclaims: [Cells:1]\n"),
              ElementsAre("toy.yaml:17:10: 'Cells:1' is not met: there is no Device.Other."));
  EXPECT_THAT(mistakes("  toy-2: [Device.Mgmt., Device.Other.]\nclaims: [Cells:1]\n"), IsEmpty());
  EXPECT_THAT(mistakes("  toy-2:\n    has: [Device.Mgmt.]\n    without: ['Device.Mgmt.Cell.{i}.State']\n"
                       "claims: [Cells:1]\n"),
              ElementsAre(EndsWith("there is no Device.Mgmt.Cell.{i}.State, Device.Other.")));
  EXPECT_THAT(mistakes("  toy-2: [Device.Mgmt.]\nclaims: [Cell:1]\n"),
              ElementsAre(EndsWith("no model has a profile 'Cell:1', did you mean 'Cells:1'?")));
}

TEST_F(Check, WhenTypeIsShown_ThenItIsTheDefinition) {
  std::ofstream(folder_ + "/types.yaml") << kProfile << "  toy-2: [Device.Mgmt.]\n";
  auto profile = config::load_profile("types", {folder_}).value();
  const std::vector<std::string> types{"list[1:8](:50) unsignedInt(:65535)",
                                       "unsignedInt(1:10|20)",
                                       "string(6)",
                                       "string{A|B}",
                                       "list string",
                                       "boolean"};
  for (std::size_t i = 0; i < types.size(); ++i)
    profile.parameters.push_back({fmt::format("Device.T.P{}", i), types[i] + " ro", ""});
  const auto model = make_model(profile);
  ASSERT_TRUE(model) << model.error().detail;
  std::vector<std::string> shown;
  for (const auto& node : tree_of(*model)) {
    if (node.kind == TreeNode::Kind::parameter && node.path.starts_with("Device.T."))
      shown.push_back(type_text(*node.parameter));
  }
  EXPECT_EQ(shown, types);
}

}  // namespace
}  // namespace hnbemu::profile
