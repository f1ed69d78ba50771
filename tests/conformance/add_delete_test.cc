#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::IsEmpty;

unsigned add(Device& to, const std::string& table = kServers) {
  return to.ask_for<cwmp::AddObjectResponse>(cwmp::AddObject{table, ""}).instance_number;
}

std::string server(unsigned instance, const std::string& name = "") {
  return fmt::format("{}{}.{}", kServers, instance, name);
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", AddedObjectIsThere,
            "AddObject answers with a new instance number, under which the object is found") {
  power_on();
  const auto added = ask_for<cwmp::AddObjectResponse>(cwmp::AddObject{kServers, "k"});
  EXPECT_EQ(added.status, 0);
  EXPECT_NE(value(server(added.instance_number, "DNSServer")), "(none)");
  EXPECT_EQ(value(kParameterKey), "k");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.7", DeletedObjectIsGone, "DeleteObject removes the object and all below") {
  power_on();
  const auto path = server(add(*this));
  EXPECT_EQ(fault_code(cwmp::DeleteObject{path, "gone"}), 0);
  EXPECT_EQ(fault_code(cwmp::GetParameterValues{{path}}), 9005);
  EXPECT_EQ(value(kParameterKey), "gone");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", NumbersAreNotGivenTwice,
            "The instance number of a deleted object is not given again") {
  power_on();
  const auto first = add(*this);
  ask(cwmp::DeleteObject{server(first), ""});
  EXPECT_NE(add(*this), first);
}

HNBEMU_RULE("Add and delete", "TR-106 3.3", TheTableIsCounted,
            "The table's NumberOfEntries follows each AddObject and DeleteObject") {
  power_on();
  const auto first = add(*this);
  add(*this);
  EXPECT_EQ(value(kServerCount), "2");
  ask(cwmp::DeleteObject{server(first), ""});
  EXPECT_EQ(value(kServerCount), "1");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", ANewObjectHasDefaults,
            "The parameters of a new object have their defaults, not a deleted one's values") {
  power_on();
  const auto first = add(*this);
  set(server(first, "Enable"), "1", "xsd:boolean");
  ask(cwmp::DeleteObject{server(first), ""});
  const auto second = add(*this);
  EXPECT_EQ(value(server(second, "Enable")), "false");
  EXPECT_EQ(value(server(second, "Type")), "Static");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", ANewObjectHasFreshAttributes,
            "The attributes of a new object are notification off and all writers, whatever its table's others have") {
  power_on();
  add(*this);
  notify(kServers, 1);
  const auto path = server(add(*this), "DNSServer");
  const auto read = ask_for<cwmp::GetParameterAttributesResponse>(cwmp::GetParameterAttributes{{path}});
  EXPECT_EQ(read.parameters.at(0), (cwmp::ParameterAttributeStruct{path, 0, {"Subscriber"}}));
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", OnlyTablesAreAddedTo,
            "AddObject to an unknown object, a single object, an instance or a name without its dot is fault 9005") {
  power_on();
  const auto instance = server(add(*this));
  for (const auto& path : {std::string("Device.Unknown."), std::string("Device.Time."), instance,
                           std::string("Device.DNS.Client.Server"), std::string()}) {
    EXPECT_EQ(fault_code(cwmp::AddObject{path, "key"}), 9005) << path;
  }
  EXPECT_EQ(value(kParameterKey), "");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", ReadOnlyTablesAreTheDevicesOwn,
            "AddObject to, and DeleteObject from, a read-only table is fault 9005") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::AddObject{"Device.IP.Interface.", ""}), 9005);
  EXPECT_EQ(fault_code(cwmp::DeleteObject{"Device.IP.Interface.1.", ""}), 9005);
  EXPECT_NE(value("Device.IP.Interface.1.Name"), "(none)");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.7", OnlyInstancesAreDeleted,
            "DeleteObject of an instance that is not there, a table, or a single object is fault 9005") {
  power_on();
  const auto there = add(*this);
  for (const auto& path : {server(there + 1), std::string(kServers), std::string("Device.Time."),
                           fmt::format("{}{}", kServers, there), server(there, "Enable")}) {
    EXPECT_EQ(fault_code(cwmp::DeleteObject{path, "key"}), 9005) << path;
  }
  EXPECT_EQ(value(kServerCount), "1");
  EXPECT_EQ(value(kParameterKey), "");
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", AddedObjectsAreKeptWithoutPower,
            "An object that was added, and what was set in it, is there after a loss of power") {
  power_on();
  const auto first = add(*this);
  const auto second = add(*this);
  set(server(second, "DNSServer"), "192.0.2.53");
  ask(cwmp::DeleteObject{server(first), ""});
  lose_power();
  power_on();
  EXPECT_EQ(value(server(second, "DNSServer")), "192.0.2.53");
  EXPECT_EQ(value(server(first, "DNSServer")), "(none)");
  EXPECT_GT(add(*this), second);
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", AFullTableIsNoPlace,
            "AddObject to a table that is full is fault 9004") {
  power_on();
  acs->requests.assign(datamodel::kMaxTableRows, cwmp::AddObject{kServers, ""});
  session();
  run_for(Seconds{60});
  EXPECT_EQ(fault_code(cwmp::AddObject{kServers, ""}), 9004);
  ask(cwmp::DeleteObject{server(1), ""});
  EXPECT_EQ(fault_code(cwmp::AddObject{kServers, ""}), 0);
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.3", WhatMayBeDeletedIsWritable,
            "GetParameterNames tells that objects may be added to a table, and which may be deleted") {
  power_on();
  const auto instance = add(*this);
  const auto names = ask_for<cwmp::GetParameterNamesResponse>(cwmp::GetParameterNames{kServers, false}).parameters;
  EXPECT_THAT(names, testing::IsSupersetOf({cwmp::ParameterInfoStruct{kServers, true},
                                            cwmp::ParameterInfoStruct{server(instance), true}}));
  const auto fixed =
      ask_for<cwmp::GetParameterNamesResponse>(cwmp::GetParameterNames{"Device.IP.Interface.", true}).parameters;
  EXPECT_EQ(fixed.at(0), (cwmp::ParameterInfoStruct{"Device.IP.Interface.1.", false}));
}

HNBEMU_RULE("Add and delete", "TR-069 A.3.2.6", TheAcsIsNotToldOfItsOwnRows,
            "A NumberOfEntries with notification that the ACS's own AddObject changed is not told") {
  power_on();
  notify(kServerCount, 2);
  add(*this);
  acs->forget();
  run_for(Seconds{60});
  EXPECT_THAT(acs->informs(), IsEmpty());
}

}  // namespace
}  // namespace hnbemu::conformance
