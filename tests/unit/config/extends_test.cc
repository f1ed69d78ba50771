#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile_folder.h"

namespace hnbemu::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kParent = std::string(R"(description: the parent
technology: henb
boot_time_s: 7
identity: {manufacturer: M, oui: "00256D", product_class: P, hardware_version: "1", software_version: "2"}
)") + kRoles + R"(  gateway: Device.F.Gateway
inform_parameters: [Device.I.A, Device.I.B]
rows: [Device.T.1.]
objects:
  Device.I.:
    SerialNumber: string(:64) ro
    Extra: string ro
values:
  Device.I.SerialNumber: "S-{serial}"
  Device.I.Extra: x
)";

// parent.yaml is in the folder.
class Extends : public ProfileFolder {
 protected:
  void SetUp() override {
    ProfileFolder::SetUp();
    write("parent", kParent);
  }
  void write(const std::string& name, const std::string& text) { ProfileFolder::write(name + ".yaml", text); }
  Result<Profile> load_child(const std::string& text) {
    write("child", "extends: parent\n" + text);
    return load_profile("child", {folder_});
  }
  // What is wrong with a child of that text, without the folder.
  std::string mistake(const std::string& text) {
    write("child", "extends: parent\n" + text);
    return mistake_in("child");
  }
};

TEST_F(Extends, WhenChildSaysNothing_ThenItIsItsParentByAnotherName) {
  const auto child = load_child("");
  ASSERT_TRUE(child) << child.error().detail;
  EXPECT_EQ(child->name, "child");
  EXPECT_EQ(child->description, "");
  EXPECT_EQ(child->technology, Technology::henb);
  EXPECT_EQ(child->path("gateway"), "Device.F.Gateway");
  EXPECT_EQ(child->parameters.size(), 2u);
  EXPECT_THAT(child->parents, ElementsAre(folder_ + "/parent.yaml"));
}

TEST_F(Extends, WhenChildHasScalarsAndMaps_ThenTheyComeInsteadAndBeside) {
  const auto child = load_child(
      "boot_time_s: 9\nidentity: {product_class: Q}\nroles: {up_time: Device.I.UpTime, gateway: Device.F.Other}\n"
      "objects: {Device.I.: {New: int ro, Extra: boolean ro}, Device.N.: {X: int rw}}\n");
  ASSERT_TRUE(child) << child.error().detail;
  EXPECT_EQ(child->boot_time, Seconds(9));
  EXPECT_EQ(child->product_class, "Q");
  EXPECT_EQ(child->manufacturer, "M");
  EXPECT_EQ(child->path("gateway"), "Device.F.Other");
  EXPECT_EQ(child->path("up_time"), "Device.I.UpTime");
  ASSERT_EQ(child->parameters.size(), 4u);
  EXPECT_EQ(child->parameters[1].text, "boolean ro");
  EXPECT_EQ(child->parameters[2].path, "Device.I.New");
}

TEST_F(Extends, WhenChildHasNothingForKey_ThenParentsGoes) {
  const auto child =
      load_child("roles: {gateway: }\nobjects: {Device.I.: {Extra: ~}}\nvalues: {Device.I.Extra: null}\n");
  ASSERT_TRUE(child) << child.error().detail;
  EXPECT_EQ(child->path("gateway"), "");
  EXPECT_EQ(child->parameters.size(), 1u);
  EXPECT_EQ(child->values.size(), 1u);
  EXPECT_EQ(mistake("values: {Device.I.Extr: ~}\n"),
            "child.yaml:2:10: there is no 'Device.I.Extr' to remove in what this profile extends");
}

TEST_F(Extends, WhenChildHasList_ThenItComesInsteadOrChangesTheParents) {
  auto child = load_child("inform_parameters: [Device.I.C]\n");
  ASSERT_TRUE(child) << child.error().detail;
  EXPECT_THAT(child->inform_parameters, ElementsAre("Device.I.C"));
  child = load_child("inform_parameters: {remove: [Device.I.A], add: [Device.I.C]}\nclaims: {add: [Baseline:1]}\n");
  ASSERT_TRUE(child) << child.error().detail;
  EXPECT_THAT(child->inform_parameters, ElementsAre("Device.I.B", "Device.I.C"));
  EXPECT_EQ(child->claims.size(), 1u);
  EXPECT_EQ(mistake("rows: {remove: [Device.T.2.]}\n"),
            "child.yaml:2:17: the list has no 'Device.T.2.' to remove, did you mean 'Device.T.1.'?");
  EXPECT_THAT(mistake("rows: {ad: [Device.T.2.]}\n"), HasSubstr("'rows' must be a list, not a map"));
}

TEST_F(Extends, WhenTextIsWrong_ThenPlaceIsOfTheFileInWhichItStands) {
  write("parent", kParent + "rowz: []\n");
  const auto detail = mistake("boot_time_s: -1\n");
  EXPECT_THAT(detail, HasSubstr("child.yaml:2:14: 'boot_time_s' must be from 0 to 3600, not -1"));
  EXPECT_THAT(detail, HasSubstr(folder_ + "/parent.yaml:28:1: unknown key 'rowz', did you mean 'rows'?"));
}

TEST_F(Extends, WhenParentIsAFile_ThenItIsRelativeToTheChild) {
  write("sub/child", "extends: ../parent.yaml\n");
  EXPECT_TRUE(load_profile(folder_ + "/sub/child.yaml", {}));
  write("sub/beside", "extends: child\n");
  const auto beside = load_profile(folder_ + "/sub/beside.yaml", {});
  ASSERT_TRUE(beside) << beside.error().detail;
  EXPECT_THAT(beside->parents, ElementsAre(EndsWith("sub/child.yaml"), EndsWith("parent.yaml")));
}

TEST_F(Extends, WhenParentIsMissing_ThenChildsPlaceAndNearNamesAreTold) {
  write("child", "extends: parant\n");
  EXPECT_THAT(load_profile("child", {folder_}).error().detail,
              HasSubstr("child.yaml:1:10: unknown profile 'parant', did you mean 'parent'?; there are child, parent"));
  write("child", "extends: ./none.yaml\n");
  EXPECT_THAT(load_profile("child", {folder_}).error().detail, HasSubstr("child.yaml:1:10: there is no file"));
  write("child", "extends: [parent]\n");
  EXPECT_THAT(load_profile("child", {folder_}).error().detail, HasSubstr("1:10: 'extends' must be a profile's name"));
}

TEST_F(Extends, WhenProfilesExtendInACircle_ThenItIsSpelledOut) {
  write("a", "extends: b\n");
  write("b", "extends: ./sub/../c.yaml\n");
  write("c", "extends: a\n");
  const auto detail = load_profile("a", {folder_}).error().detail;
  EXPECT_THAT(detail, EndsWith("c.yaml:1:10: a circle: a extends b extends c extends a"));
  write("self", "extends: self\n");
  EXPECT_THAT(load_profile("self", {folder_}).error().detail, EndsWith("a circle: self extends self"));
}

TEST_F(Extends, WhenChainIsTooLong_ThenItEnds) {
  write("p0", kParent);
  for (std::size_t i = 1; i <= kMaxExtends + 1; ++i)
    write("p" + std::to_string(i), "extends: p" + std::to_string(i - 1) + "\n");
  EXPECT_TRUE(load_profile("p" + std::to_string(kMaxExtends), {folder_}));
  EXPECT_THAT(load_profile("p" + std::to_string(kMaxExtends + 1), {folder_}).error().detail,
              AllOf(HasSubstr("p1.yaml:1:10: more than 8 steps: p9 extends p8"), Not(StartsWith("p9"))));
}

}  // namespace
}  // namespace hnbemu::config
