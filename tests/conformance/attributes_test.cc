#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;

constexpr const char* kUpTime = "Device.DeviceInfo.UpTime";
using Attributes = cwmp::ParameterAttributeStruct;

std::vector<Attributes> attributes_of(Device& of, const std::string& path) {
  return of.ask_for<cwmp::GetParameterAttributesResponse>(cwmp::GetParameterAttributes{{path}}).parameters;
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.5", FreshAttributesAreOffAndOpen,
            "Before anybody sets them: notification off, and the AccessList has the subscriber") {
  power_on();
  EXPECT_THAT(attributes_of(*this, kServer1), ElementsAre(Attributes{kServer1, 0, {"Subscriber"}}));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", WhatIsSetIsRead, "Attributes that were set are read") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{{{kServer1, true, 2, true, {}}}}), 0);
  EXPECT_THAT(attributes_of(*this, kServer1), ElementsAre(Attributes{kServer1, 2, {}}));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", WithoutChangeNothingChanges,
            "NotificationChange false leaves the notification, AccessListChange false the list") {
  power_on();
  ask(cwmp::SetParameterAttributes{{{kServer1, true, 1, true, {}}}});
  ask(cwmp::SetParameterAttributes{{{kServer1, false, 2, false, {"Subscriber"}}}});
  EXPECT_THAT(attributes_of(*this, kServer1), ElementsAre(Attributes{kServer1, 1, {}}));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", NotificationThatIsNotChangedMayBeAnything,
            "A Notification out of range does not count where NotificationChange is false") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{{{kServer1, false, 99, true, {}}}}), 0);
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", PartialPathSetsAllBelow,
            "A partial path sets the attributes of all below") {
  power_on();
  EXPECT_TRUE(notify("Device.Time.", 1));
  EXPECT_THAT(attributes_of(*this, "Device.Time."), Each(Field(&Attributes::notification, 1u)));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.5", PartialPathReadsAllBelow,
            "GetParameterAttributes of a partial path has each parameter below, and no object") {
  power_on();
  std::vector<std::string> names;
  for (const auto& one : attributes_of(*this, "Device.Time.")) names.push_back(one.name);
  EXPECT_THAT(names, ElementsAre("Device.Time.Enable", "Device.Time.Status", kServer1, kServer2,
                                 "Device.Time.CurrentLocalTime", "Device.Time.LocalTimeZone"));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.5", EmptyPathReadsTheTree,
            "GetParameterAttributes of the empty path has every parameter that GetParameterValues has") {
  power_on();
  const auto values = ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{""}}).parameters;
  EXPECT_EQ(attributes_of(*this, "").size(), values.size());
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", AllOrNoneAreSet,
            "SetParameterAttributes with an unknown name is fault 9005 and sets none") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{
                {{kServer1, true, 2, false, {}}, {"Device.Time.Unknown", true, 2, false, {}}}}),
            9005);
  EXPECT_EQ(attributes_of(*this, kServer1).at(0).notification, 0u);
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", NotificationHasItsRange,
            "A Notification that the CPE's version does not know is fault 9003") {
  power_on();
  for (const unsigned notification : {3u, 99u}) {
    EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{{{kServer1, true, notification, false, {}}}}), 9003);
  }
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", AttributesAreKeptWithoutPower,
            "Attributes are kept over a loss of power, of parameters in added objects too") {
  power_on();
  const auto instance =
      ask_for<cwmp::AddObjectResponse>(cwmp::AddObject{"Device.DNS.Client.Server.", ""}).instance_number;
  const auto added = fmt::format("Device.DNS.Client.Server.{}.DNSServer", instance);
  ask(cwmp::SetParameterAttributes{{{kServer1, true, 2, true, {}}, {added, true, 1, false, {}}}});
  lose_power();
  power_on();
  EXPECT_THAT(attributes_of(*this, kServer1), ElementsAre(Attributes{kServer1, 2, {}}));
  EXPECT_THAT(attributes_of(*this, added), ElementsAre(Attributes{added, 1, {"Subscriber"}}));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", ReadOnlyParametersHaveNotification,
            "Notification may be set for a parameter that the ACS may not write") {
  power_on();
  EXPECT_TRUE(notify("Device.DeviceInfo.UpTime", 1));
  EXPECT_EQ(attributes_of(*this, "Device.DeviceInfo.UpTime").at(0).notification, 1u);
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.1", AttributesLeaveTheParameterKey,
            "SetParameterAttributes leaves the ParameterKey") {
  power_on();
  ask(cwmp::SetParameterValues{{}, "key"});
  notify(kServer1, 1);
  EXPECT_EQ(value("Device.ManagementServer.ParameterKey"), "key");
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", TheAcsWritesWhateverTheAccessList,
            "An AccessList without the subscriber does not bind the ACS") {
  power_on();
  ask(cwmp::SetParameterAttributes{{{kServer1, false, 0, true, {}}}});
  EXPECT_TRUE(set(kServer1, "ntp.example"));
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", ADeniedActiveNotificationIs9009,
            "Active notification of a parameter that denies it (quirk) is fault 9009, and nothing is set") {
  profile.quirks.denies_active_notification = true;
  make_device();
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{{{kServer1, true, 2, false, {}}, {kUpTime, true, 2, false, {}}}}),
            9009);
  EXPECT_THAT(attributes_of(*this, kServer1), ElementsAre(Attributes{kServer1, 0, {"Subscriber"}}));
  EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{{{kUpTime, true, 1, false, {}}}}), 0);
}

HNBEMU_RULE("Parameter attributes", "TR-069 A.3.2.4", ActiveNotificationIsGrantedWithoutTheQuirk,
            "Active notification of a parameter that may deny it is granted by default") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterAttributes{{{kUpTime, true, 2, false, {}}}}), 0);
  EXPECT_THAT(attributes_of(*this, kUpTime), ElementsAre(Attributes{kUpTime, 2, {"Subscriber"}}));
}

}  // namespace
}  // namespace hnbemu::conformance
