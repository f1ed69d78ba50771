#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kMode = "Device.ManagementServer.InstanceMode";
constexpr const char* kAutoCreate = "Device.ManagementServer.AutoCreateInstances";

std::string mine(const std::string& rest = "") {
  return fmt::format("{}[mine].{}", kServers, rest);
}

class AliasDevice : public Device {
 public:
  AliasDevice() : Device(HNBEMU_SOURCE_DIR "/tests/conformance/aliases.yaml") {}

  unsigned add(const std::string& path) {
    return ask_for<cwmp::AddObjectResponse>(cwmp::AddObject{path, ""}).instance_number;
  }
  std::vector<std::string> value_names(const std::string& path) {
    std::vector<std::string> names;
    for (auto& one : ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{path}}).parameters) {
      names.push_back(std::move(one.name));
    }
    return names;
  }
  std::vector<int> set_faults(std::vector<cwmp::ParameterValueStruct> parameters) {
    std::vector<int> codes;
    for (const auto& one : fault(cwmp::SetParameterValues{std::move(parameters), "key"}).set_parameter_values_faults) {
      codes.push_back(one.code);
    }
    return codes;
  }
};

class AliasConformanceTest : public testing::Test, public AliasDevice {};

#define HNBEMU_ALIAS_RULE(clause, name, text)                                   \
  static const bool name##_is_listed = [] {                                     \
    ::hnbemu::conformance::rules().push_back({"Aliases", clause, #name, text}); \
    return true;                                                                \
  }();                                                                          \
  TEST_F(AliasConformanceTest, name)

HNBEMU_ALIAS_RULE("TR-069 3.6.1", TheInformSaysWhetherThereAreAliases,
                  "AliasBasedAddressing is in every Inform, true where the device has it; InstanceMode is "
                  "InstanceNumber and AutoCreateInstances false at first") {
  power_on();
  EXPECT_EQ(informed("Device.ManagementServer.AliasBasedAddressing"), "true");
  EXPECT_EQ(value(kMode), "InstanceNumber");
  EXPECT_EQ(value(kAutoCreate), "false");
}

HNBEMU_ALIAS_RULE("TR-069 A.3.2.6", AddObjectTakesAnAlias,
                  "AddObject of Table.[alias]. makes a row of that alias; the answer has its number") {
  power_on();
  const auto number = add(mine());
  EXPECT_EQ(value(fmt::format("{}{}.Alias", kServers, number)), "mine");
  EXPECT_EQ(fault_code(cwmp::AddObject{mine(), ""}), 9005) << "it is taken";
  EXPECT_EQ(fault_code(cwmp::AddObject{fmt::format("{}[1st].", kServers), ""}), 9005) << "no letter first";
  EXPECT_EQ(value(kServerCount), "1");
}

HNBEMU_ALIAS_RULE("TR-106 Alias", TheDeviceGivesAliasesOfItsOwn,
                  "A row to which the ACS gives no alias has one that begins with cpe-") {
  power_on();
  const auto number = add(kServers);
  EXPECT_THAT(value(fmt::format("{}{}.Alias", kServers, number)), testing::StartsWith("cpe-"));
}

HNBEMU_ALIAS_RULE("TR-069 3.6.1", EveryMethodTakesAliases,
                  "Get and SetParameterValues, GetParameterNames, Get and SetParameterAttributes and DeleteObject take "
                  "[alias] where an instance number may be") {
  power_on();
  const auto path = fmt::format("{}{}.", kServers, add(mine()));
  EXPECT_TRUE(set(mine("DNSServer"), "192.0.2.53"));
  EXPECT_EQ(value(path + "DNSServer"), "192.0.2.53");
  EXPECT_TRUE(notify(mine("DNSServer"), 2));
  EXPECT_THAT(value_names(mine()), Contains(path + "DNSServer"));
  const auto names = ask_for<cwmp::GetParameterNamesResponse>(cwmp::GetParameterNames{mine(), true}).parameters;
  EXPECT_THAT(names, Contains(cwmp::ParameterInfoStruct{path + "DNSServer", true}));
  const auto read = ask_for<cwmp::GetParameterAttributesResponse>(cwmp::GetParameterAttributes{{mine("DNSServer")}});
  EXPECT_THAT(read.parameters, ElementsAre(cwmp::ParameterAttributeStruct{path + "DNSServer", 2, {"Subscriber"}}));
  EXPECT_EQ(fault_code(cwmp::DeleteObject{mine(), ""}), 0);
  EXPECT_EQ(value(kServerCount), "0");
}

HNBEMU_ALIAS_RULE("TR-069 3.6.1", AnUnknownAliasIs9005, "An alias that no row has is fault 9005 in each method") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::GetParameterValues{{mine()}}), 9005);
  EXPECT_EQ(fault_code(cwmp::GetParameterNames{mine(), false}), 9005);
  EXPECT_EQ(fault_code(cwmp::GetParameterAttributes{{mine("DNSServer")}}), 9005);
  EXPECT_EQ(fault_code(cwmp::DeleteObject{mine(), ""}), 9005);
  EXPECT_THAT(set_faults({{mine("DNSServer"), "192.0.2.53", "xsd:string"}}), ElementsAre(9005));
}

HNBEMU_ALIAS_RULE("TR-069 3.6.1", AnswersHaveAliasesWhenAsked,
                  "With InstanceMode InstanceAlias the paths of all answers have aliases, from the next request on, "
                  "whichever the request had") {
  power_on();
  const auto number = add(mine());
  EXPECT_TRUE(set(kMode, "InstanceAlias"));
  EXPECT_THAT(value_names(fmt::format("{}{}.DNSServer", kServers, number)), ElementsAre(mine("DNSServer")));
  EXPECT_THAT(value_names("Device.IP.Interface.1.IPv4Address.1.IPAddress"),
              ElementsAre("Device.IP.Interface.[cpe-1].IPv4Address.[cpe-1].IPAddress"));
  const auto names = ask_for<cwmp::GetParameterNamesResponse>(cwmp::GetParameterNames{kServers, false}).parameters;
  EXPECT_THAT(names,
              testing::IsSupersetOf({cwmp::ParameterInfoStruct{kServers, true}, cwmp::ParameterInfoStruct{mine(), true},
                                     cwmp::ParameterInfoStruct{mine("Alias"), true}}));
  const auto read = ask_for<cwmp::GetParameterAttributesResponse>(cwmp::GetParameterAttributes{{mine("DNSServer")}});
  EXPECT_EQ(read.parameters.at(0).name, mine("DNSServer"));
  EXPECT_TRUE(set(kMode, "InstanceNumber"));
  EXPECT_THAT(value_names(mine("DNSServer")), ElementsAre(fmt::format("{}{}.DNSServer", kServers, number)));
}

HNBEMU_ALIAS_RULE("TR-069 3.6.1", InformsHaveAliasesWhenAsked,
                  "With InstanceMode InstanceAlias the parameters of an Inform have aliases, those of a value change "
                  "too") {
  power_on();
  const auto number = add(mine());
  notify(mine("DNSServer"), 2);
  EXPECT_TRUE(set(kMode, "InstanceAlias"));
  device->model().update(fmt::format("{}{}.DNSServer", kServers, number), "198.51.100.1");
  run_for(Seconds{5});
  EXPECT_THAT(events(), Contains("4 VALUE CHANGE"));
  EXPECT_EQ(informed(mine("DNSServer")), "198.51.100.1");
  EXPECT_NE(informed("Device.IP.Interface.[cpe-1].IPv4Address.[cpe-1].IPAddress"), "(none)");
  EXPECT_EQ(informed("Device.IP.Interface.1.IPv4Address.1.IPAddress"), "(none)");
}

HNBEMU_ALIAS_RULE("TR-069 3.6.1", RowsWithoutAnAliasKeepTheirNumber,
                  "With InstanceMode InstanceAlias a row whose object has no Alias is named by its number") {
  power_on();
  EXPECT_TRUE(set(kMode, "InstanceAlias"));
  EXPECT_THAT(value_names("Device.Ethernet.Interface.1.Name"), ElementsAre("Device.Ethernet.Interface.1.Name"));
}

HNBEMU_RULE("Aliases", "TR-069 3.6.1", ADeviceWithoutAliasesNamesByNumber,
            "InstanceMode says nothing to a device whose AliasBasedAddressing is false") {
  power_on();
  EXPECT_TRUE(set(kMode, "InstanceAlias"));
  const auto read = ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{"Device.IP.Interface.1.Name"}});
  EXPECT_EQ(read.parameters.at(0).name, "Device.IP.Interface.1.Name");
}

HNBEMU_ALIAS_RULE("TR-069 3.6.1", AliasesAndModeAreKeptWithoutPower,
                  "Aliases that the ACS gave, and InstanceMode, are there after a loss of power") {
  power_on();
  add(mine());
  EXPECT_TRUE(set(kMode, "InstanceAlias"));
  lose_power();
  power_on();
  EXPECT_THAT(value_names(mine("DNSServer")), ElementsAre(mine("DNSServer")));
}

HNBEMU_ALIAS_RULE("TR-069 A.3.2.1", RowsAreMadeByNamingThem,
                  "With AutoCreateInstances SetParameterValues makes the rows that it names by an alias which no row "
                  "has, tables in new rows included") {
  power_on();
  EXPECT_TRUE(set(kAutoCreate, "true", "xsd:boolean"));
  EXPECT_THAT(set_faults({{mine("DNSServer"), "192.0.2.53", "xsd:string"}, {mine("Enable"), "1", "xsd:boolean"}}),
              IsEmpty());
  EXPECT_EQ(value(mine("DNSServer")), "192.0.2.53");
  EXPECT_EQ(value(mine("Enable")), "true");
  EXPECT_EQ(value(kServerCount), "1");
  EXPECT_EQ(value(kParameterKey), "key");
}

HNBEMU_ALIAS_RULE("TR-069 A.3.2.1", MadeRowsAreAtomic,
                  "A SetParameterValues with a fault makes no row; so does one that names a row of a read-only table, "
                  "an alias that is none, or a number") {
  power_on();
  EXPECT_TRUE(set(kAutoCreate, "true", "xsd:boolean"));
  EXPECT_THAT(set_faults({{mine("DNSServer"), "192.0.2.53", "xsd:string"}, {mine("Enable"), "x", "xsd:boolean"}}),
              ElementsAre(9007));
  EXPECT_THAT(
      set_faults({{mine("Enable"), "x", "xsd:boolean"}, {"Device.IP.Interface.[other].Enable", "1", "xsd:boolean"}}),
      ElementsAre(9007, 9005))
      << "each fault is told";
  EXPECT_THAT(set_faults({{fmt::format("{}[1st].DNSServer", kServers), "a", "xsd:string"}}), ElementsAre(9005));
  EXPECT_THAT(set_faults({{fmt::format("{}9.DNSServer", kServers), "a", "xsd:string"}}), ElementsAre(9005));
  EXPECT_EQ(value(kServerCount), "0");
  EXPECT_EQ(value(kParameterKey), "");
}

HNBEMU_ALIAS_RULE("TR-069 A.3.2.1", ReadingMakesNoRows,
                  "With AutoCreateInstances an unknown alias in a method that sets nothing is fault 9005 still") {
  power_on();
  EXPECT_TRUE(set(kAutoCreate, "true", "xsd:boolean"));
  EXPECT_EQ(fault_code(cwmp::GetParameterValues{{mine("DNSServer")}}), 9005);
  EXPECT_EQ(value(kServerCount), "0");
}

HNBEMU_ALIAS_RULE("TR-069 A.3.2.1", TooManyMadeRowsAre9004,
                  "A SetParameterValues that would make more rows than there may be is at fault with 9004, and makes "
                  "none") {
  power_on();
  EXPECT_TRUE(set(kAutoCreate, "true", "xsd:boolean"));
  std::vector<cwmp::ParameterValueStruct> parameters(70);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i] = {fmt::format("{}[a{}].Enable", kServers, i), "1", "xsd:boolean"};
  EXPECT_THAT(set_faults(parameters), Contains(9004));
  EXPECT_EQ(value(kServerCount), "0");
}

}  // namespace
}  // namespace hnbemu::conformance
