#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

using Info = cwmp::ParameterInfoStruct;
constexpr const char* kTime = "Device.Time.";

std::vector<Info> names_of(Device& of, const std::string& path, bool next_level) {
  return of.ask_for<cwmp::GetParameterNamesResponse>(cwmp::GetParameterNames{path, next_level}).parameters;
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", EmptyPathIsTheRoot,
            "The next level of the empty path is the root object") {
  power_on();
  EXPECT_THAT(names_of(*this, "", true), ElementsAre(Info{"Device.", false}));
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", NamesAndValuesAgree,
            "All names below the empty path: their parameters are those of GetParameterValues, in its order") {
  power_on();
  std::vector<std::string> named;
  for (const auto& info : names_of(*this, "", false)) {
    if (!info.name.ends_with('.')) named.push_back(info.name);
  }
  std::vector<std::string> read;
  for (const auto& one : ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{""}}).parameters) {
    read.push_back(one.name);
  }
  EXPECT_EQ(named, read);
  EXPECT_GT(read.size(), 100u);
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", PartialPathHasItself,
            "All names of a partial path have the object itself first") {
  power_on();
  EXPECT_EQ(names_of(*this, kTime, false).front(), (Info{kTime, false}));
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", NextLevelHasChildrenAlone,
            "The next level of a partial path has its children, without itself and what is below them") {
  power_on();
  const auto next = names_of(*this, "Device.ManagementServer.", true);
  EXPECT_THAT(next, Contains(Field(&Info::name, "Device.ManagementServer.HeartbeatPolicy.")));
  EXPECT_THAT(next, Not(Contains(Field(&Info::name, "Device.ManagementServer."))));
  EXPECT_THAT(next, Not(Contains(Field(&Info::name, "Device.ManagementServer.HeartbeatPolicy.Enable"))));
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", FullPathIsItself, "A parameter's full name has itself alone") {
  power_on();
  EXPECT_THAT(names_of(*this, "Device.Time.Enable", false), ElementsAre(Info{"Device.Time.Enable", true}));
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", AParameterHasNoNextLevel,
            "The next level of a parameter is fault 9003") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::GetParameterNames{"Device.Time.Enable", true}), 9003);
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", ObjectsEndInADot,
            "An object without its dot, and a parameter with one, are fault 9005") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::GetParameterNames{"Device.Time", false}), 9005);
  EXPECT_EQ(fault_code(cwmp::GetParameterNames{"Device.Time.Enable.", false}), 9005);
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", WritableIsWhatMayBeSet,
            "Writable is true of the parameters that SetParameterValues takes, and of no other") {
  power_on();
  for (const auto& info : names_of(*this, kTime, true)) {
    const auto own = ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{info.name}}).parameters;
    EXPECT_EQ(fault_code(cwmp::SetParameterValues{own, ""}) == 0, info.writable) << info.name;
  }
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", ATablesNextLevelIsItsInstances,
            "The next level of a table is its instances") {
  power_on();
  EXPECT_THAT(names_of(*this, "Device.IP.Interface.", true),
              ElementsAre(Info{"Device.IP.Interface.1.", false}, Info{"Device.IP.Interface.2.", false}));
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", AnEmptyTableIsThere,
            "A table without instances has no next level, and is named itself") {
  power_on();
  EXPECT_THAT(names_of(*this, "Device.DNS.Client.Server.", true), IsEmpty());
  EXPECT_THAT(names_of(*this, "Device.DNS.Client.Server.", false),
              ElementsAre(Info{"Device.DNS.Client.Server.", true}));
}

HNBEMU_RULE("Parameter names", "TR-069 A.3.2.3", NamesAreExact,
            "Names are told apart by case, and placeholders are none") {
  power_on();
  for (const std::string path : {"device.time.", "Device.Time.enable", "Device.IP.Interface.{i}.",
                                 "Device.IP.Interface.*.", "Device.IP.Interface.01.", "Device..Time."}) {
    EXPECT_EQ(fault_code(cwmp::GetParameterNames{path, false}), 9005) << path;
  }
}

}  // namespace
}  // namespace hnbemu::conformance
