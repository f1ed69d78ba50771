#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

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

HNBEMU_RULE(
    "Notification", "TR-098 DefaultActiveNotificationThrottle", ThrottleKeepsSessionsApart,
    "A session for an active notification alone begins at least DefaultActiveNotificationThrottle after the last one") {
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

HNBEMU_RULE(
    "Notification", "TR-098 DefaultActiveNotificationThrottle", TheThrottleCountsFromAnySession,
    "The throttle counts from the last good session, for whatever it was, and delays no session for another reason") {
  power_on();
  notify(kServer1, 2);
  set("Device.ManagementServer.DefaultActiveNotificationThrottle", "60", "xsd:unsignedInt");
  run_for(Seconds{50});
  session();
  acs->forget();
  by_user(*this, kServer1, "first.example");
  run_for(Seconds{30});
  EXPECT_THAT(acs->informs(), IsEmpty());
  session("X 02A1B2 OTHER");
  EXPECT_THAT(events(), ElementsAre("X 02A1B2 OTHER", "4 VALUE CHANGE"));
}

HNBEMU_RULE("Notification", "TR-069 3.7.1.5", AChangeInTheSessionIsForTheNext,
            "A change during a session is told in the session after it") {
  power_on();
  notify(kServer1, 2);
  acs->forget();
  acs->requests.assign(20, cwmp::GetRpcMethods{});
  device->inform("6 CONNECTION REQUEST");
  run_for(Millis{50});
  by_user(*this, kServer1, "ntp.example");
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kServer1), "ntp.example");
}

HNBEMU_RULE("Notification", "TR-069 3.7.1.5", ALateFailureTellsTheChangeAgain,
            "4 VALUE CHANGE of a session that failed after the InformResponse comes again with its parameters") {
  power_on();
  notify(kServer1, 2);
  acs->forget();
  acs->script = {Acs::pass(), Acs::fail(Cause::network)};
  by_user(*this, kServer1, "ntp.example");
  run_for(Seconds{12});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kServer1), "ntp.example");
}

HNBEMU_RULE("Notification", "TR-069 3.7.1.5", ADeletedParameterIsNotTold,
            "A change of a parameter that was deleted since is not told, and begins no session") {
  power_on();
  const auto instance =
      ask_for<cwmp::AddObjectResponse>(cwmp::AddObject{"Device.DNS.Client.Server.", ""}).instance_number;
  const auto object = fmt::format("Device.DNS.Client.Server.{}.", instance);
  notify(object, 2);
  set("Device.ManagementServer.DefaultActiveNotificationThrottle", "60", "xsd:unsignedInt");
  acs->forget();
  by_user(*this, object + "DNSServer", "192.0.2.1");
  ASSERT_TRUE(device->model().delete_object(object, datamodel::Origin::command));
  run_for(Seconds{120});
  EXPECT_THAT(acs->informs(), IsEmpty());
}

HNBEMU_RULE("Notification", "TR-069 3.7.1.5", TheNextBootTellsNoOldChange,
            "After a bootstrap at a new ACS no change from before is told") {
  power_on();
  notify(kServer1, 1);
  by_user(*this, kServer1, "ntp.example");
  acs->script = {Acs::pass(),
                 acs->say(cwmp::SetParameterValues{
                     {{"Device.ManagementServer.URL", "http://other.operator.example/", "xsd:string"}}, ""}),
                 Acs::fail(Cause::network)};
  session();
  run_for(kEnough);
  EXPECT_THAT(events(), ElementsAre("0 BOOTSTRAP"));
  EXPECT_EQ(informed(kServer1), "(none)");
}

HNBEMU_RULE("Notification", "TR-106 activeNotify", DeniableIsNotDenied,
            "Active notification of a parameter for which it may be denied is given, since the CPE denies none") {
  power_on();
  EXPECT_TRUE(notify("Device.FAP.GPS.LockedLatitude", 2));
  acs->forget();
  device->model().update("Device.FAP.GPS.LockedLatitude", "51500001");
  run_for(Seconds{1});
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed("Device.FAP.GPS.LockedLatitude"), "51500001");
}

HNBEMU_RULE("Notification", "TR-069 A.3.2.4", TheSameValueIsNoChange, "The same value again is no change") {
  power_on();
  by_user(*this, kServer1, "same.example");
  notify(kServer1, 2);
  acs->forget();
  by_user(*this, kServer1, "same.example");
  EXPECT_THAT(acs->informs(), IsEmpty());
}

}  // namespace
}  // namespace hnbemu::conformance
