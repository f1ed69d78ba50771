#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kServer1 = "Device.Time.NTPServer1";
constexpr const char* kServer2 = "Device.Time.NTPServer2";

void by_user(Device& of, const std::string& path, const std::string& value) {
  const datamodel::Assignment assignment{path, value, ""};
  ASSERT_TRUE(of.device->model().set({&assignment, 1}, datamodel::Origin::command));
  of.device->save();
  of.run_for(Seconds{1});
}

HNBEMU_RULE(
    "Notification", "TR-069 A.3.2.4", ActiveBeginsASession,
    "Active notification: a change not made by the ACS begins a session with 4 VALUE CHANGE and the new value") {
  power_on();
  notify(kServer1, 2);
  acs->forget();
  by_user(*this, kServer1, "ntp.example");
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kServer1), "ntp.example");
}

HNBEMU_RULE("Notification", "TR-069 A.3.2.4", PassiveWaitsForTheNextSession,
            "Passive notification: the new value is in the next session's Inform, which nothing begins for it") {
  power_on();
  notify(kServer1, 1);
  acs->forget();
  by_user(*this, kServer1, "ntp.example");
  EXPECT_THAT(acs->informs(), IsEmpty());
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST", "4 VALUE CHANGE"));
  EXPECT_EQ(informed(kServer1), "ntp.example");
}

HNBEMU_RULE("Notification", "TR-069 A.3.2.4", OffSaysNothing, "Notification off: a change is told nowhere") {
  power_on();
  acs->forget();
  by_user(*this, kServer1, "ntp.example");
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
  EXPECT_EQ(informed(kServer1), "(none)");
}

HNBEMU_RULE("Notification", "TR-069 A.3.2.4", TheAcsIsNotToldItsOwn, "What the ACS itself has set it is not told of") {
  power_on();
  notify(kServer1, 2);
  set(kServer1, "ntp.example");
  acs->forget();
  run_for(Seconds{60});
  EXPECT_THAT(acs->informs(), IsEmpty());
}

HNBEMU_RULE("Notification", "TR-069 3.7.1.5", ToldUntilAnInformIsAccepted,
            "A change is told in each Inform until one is accepted, and then no more") {
  power_on();
  notify(kServer1, 2);
  acs->forget();
  acs->script = {Acs::fail(Cause::network)};
  by_user(*this, kServer1, "ntp.example");
  run_for(Seconds{12});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kServer1), "ntp.example");
  session();
  EXPECT_EQ(informed(kServer1), "(none)");
}

HNBEMU_RULE("Notification", "TR-069 3.7.1.5", ChangesAreToldTogether,
            "Changes before the session are one 4 VALUE CHANGE with the last values") {
  power_on();
  notify("Device.Time.", 1);
  by_user(*this, kServer1, "first.example");
  by_user(*this, kServer1, "second.example");
  by_user(*this, kServer2, "third.example");
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST", "4 VALUE CHANGE"));
  EXPECT_EQ(informed(kServer1), "second.example");
  EXPECT_EQ(informed(kServer2), "third.example");
}

HNBEMU_RULE("Notification", "TR-098 DefaultActiveNotificationThrottle", ThrottleKeepsSessionsApart,
            "Sessions for active notifications begin at least DefaultActiveNotificationThrottle apart") {
  power_on();
  notify(kServer1, 2);
  set("Device.ManagementServer.DefaultActiveNotificationThrottle", "60", "xsd:unsignedInt");
  run_for(Seconds{60});  // from the last one
  acs->forget();
  by_user(*this, kServer1, "first.example");
  ASSERT_THAT(acs->informs(), SizeIs(1));
  by_user(*this, kServer1, "second.example");
  run_for(Seconds{40});
  EXPECT_THAT(acs->informs(), SizeIs(1));
  run_for(Seconds{30});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(informed(kServer1), "second.example");
}

HNBEMU_RULE("Notification", "TR-106 activeNotify", ForcedIsOnWhateverItsAttribute,
            "Forced active notification is given although the ACS has switched it off") {
  power_on();
  notify("Device.DeviceInfo.ProvisioningCode", 0);
  by_user(*this, "Device.DeviceInfo.ProvisioningCode", "blue");
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
}

HNBEMU_RULE("Notification", "TR-106 activeNotify", DefaultEnabledIsOnFromTheFactory,
            "A parameter with active notification by default has attribute 2 before anybody sets it") {
  power_on();
  const auto answer = ask(cwmp::GetParameterAttributes{{"Device.ManagementServer.ConnectionRequestURL"}});
  EXPECT_EQ(std::get<cwmp::GetParameterAttributesResponse>(answer).parameters.at(0).notification, 2u);
}

}  // namespace
}  // namespace hnbemu::conformance
