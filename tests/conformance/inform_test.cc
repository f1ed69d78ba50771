#include <algorithm>

#include "conformance/rule.h"
#include "cwmp/session.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::SizeIs;

std::vector<std::string> names_in(const cwmp::Inform& inform) {
  std::vector<std::string> names;
  for (const auto& parameter : inform.parameters) names.push_back(parameter.name);
  return names;
}

HNBEMU_RULE("Informs", "TR-069 A.3.3.1", TheInformSaysWhoItIs, "DeviceId is what DeviceInfo says") {
  power_on();
  const auto id = acs->informs().front().device_id;
  EXPECT_EQ(id.manufacturer, value("Device.DeviceInfo.Manufacturer"));
  EXPECT_EQ(id.oui, value("Device.DeviceInfo.ManufacturerOUI"));
  EXPECT_EQ(id.product_class, value("Device.DeviceInfo.ProductClass"));
  EXPECT_EQ(id.serial_number, value("Device.DeviceInfo.SerialNumber"));
}

HNBEMU_RULE("Informs", "TR-181 forcedInform", ForcedParametersAreInEachInform,
            "Every Inform has the parameters that Device:2 and FAPService:2 force into it") {
  power_on();
  session();
  for (const auto& inform : acs->informs()) {
    EXPECT_THAT(names_in(inform),
                IsSupersetOf({"Device.RootDataModelVersion", "Device.DeviceInfo.HardwareVersion",
                              "Device.DeviceInfo.SoftwareVersion", "Device.DeviceInfo.ProvisioningCode",
                              "Device.ManagementServer.ParameterKey", "Device.ManagementServer.ConnectionRequestURL",
                              "Device.ManagementServer.AliasBasedAddressing",
                              "Device.Services.FAPService.1.FAPControl.LTE.OpState",
                              "Device.Services.FAPService.1.FAPControl.LTE.RFTxStatus"}));
  }
}

HNBEMU_RULE("Informs", "TR-069 A.3.3.1", MaxEnvelopesIsOne, "MaxEnvelopes is 1") {
  power_on();
  EXPECT_EQ(acs->informs().front().max_envelopes, 1u);
}

HNBEMU_RULE("Informs", "TR-069 A.3.3.1", CurrentTimeIsTheDevices, "CurrentTime is the device's time at the Inform") {
  power_on();
  run_for(std::chrono::minutes(7));
  const auto before = clock.wall_now();
  session();
  const auto told = parse_date_time(acs->informs().back().current_time);
  ASSERT_TRUE(told);
  EXPECT_GE(*told, before);
  EXPECT_LE(*told, before + Seconds{1});
}

HNBEMU_RULE("Informs", "TR-069 A.3.3.1", NoParameterIsToldTwice,
            "A parameter of every Inform that has changed is once in the Inform") {
  power_on();
  const datamodel::Assignment change{"Device.DeviceInfo.ProvisioningCode", "blue", ""};
  ASSERT_TRUE(device->model().set({&change, 1}, datamodel::Origin::command));
  run_for(Seconds{1});
  const auto names = names_in(acs->informs().back());
  EXPECT_EQ(std::ranges::count(names, "Device.DeviceInfo.ProvisioningCode"), 1);
}

HNBEMU_RULE("Informs", "TR-069 A.3.3.1", ParametersHaveTheirTypes,
            "The values in an Inform have the types of the data model") {
  power_on();
  EXPECT_THAT(acs->informs().back().parameters,
              testing::IsSupersetOf({cwmp::ParameterValueStruct{"Device.RootDataModelVersion", "2.17", "xsd:string"},
                                     cwmp::ParameterValueStruct{"Device.Services.FAPService.1.FAPControl.LTE.OpState",
                                                                "false", "xsd:boolean"}}));
}

HNBEMU_RULE("Informs", "TR-069 3.7.1.4", TheInformIsTheFirstMessage,
            "Each session begins with an Inform, and has one") {
  power_on();
  acs->forget();
  acs->requests = {cwmp::GetRpcMethods{}};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "GetRPCMethodsResponse"));
}

HNBEMU_RULE("Informs", "TR-069 A.3.3.1", TheAcssMaxEnvelopesIsIgnored,
            "A MaxEnvelopes other than 1 in the InformResponse changes nothing, and neither does its absence") {
  power_on();
  acs->forget();
  acs->script = {acs->say(cwmp::InformResponse{9})};
  session();
  acs->script = {Acs::raw(soap("<cwmp:InformResponse/>"))};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "Inform", ""));
}

HNBEMU_RULE("Informs", "TR-069 A.3.2.1", TheInformHasTheParameterKey,
            "The Inform has the ParameterKey that the ACS gave last") {
  power_on();
  ask(cwmp::SetParameterValues{{}, "configuration 7"});
  session();
  EXPECT_EQ(informed("Device.ManagementServer.ParameterKey"), "configuration 7");
}

HNBEMU_RULE("Informs", "TR-069 3.2.2", TheInformSaysWhereTheDeviceIsReached,
            "ConnectionRequestURL in the Inform is where the device listens, at the target that it takes") {
  power_on();
  ASSERT_TRUE(connection_requests.place);
  EXPECT_EQ(
      informed("Device.ManagementServer.ConnectionRequestURL"),
      fmt::format("http://{}:7547{}", connection_requests.place->to_string(), connection_requests.access().target));
}

HNBEMU_RULE("Informs", "TR-069 A.5.2", RetryRequestRepeatsTheInform,
            "Fault 8005 to the Inform: the same Inform again in the session, a few times, which is no failed session") {
  power_on();
  acs->forget();
  const auto again = acs->say(cwmp::Fault{"Server", 8005, "again"});
  acs->script = {again, again};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "Inform", "Inform", ""));
  EXPECT_EQ(acs->messages[0].request.body, acs->messages[2].request.body);
}

HNBEMU_RULE("Informs", "TR-069 A.5.2", RetryRequestHasAnEnd, "An ACS that says 8005 without end has a failed session") {
  power_on();
  acs->forget();
  acs->script.assign(5, acs->say(cwmp::Fault{"Server", 8005, "again"}));
  session();
  EXPECT_THAT(acs->messages, SizeIs(cwmp::Session::kMaxRetries + 1));
}

HNBEMU_RULE("Informs", "TR-069 A.5.2", AnyOtherFaultIsAFailedSession,
            "An Inform that is answered with a fault other than 8005 is a failed session; its events are told again") {
  for (const int code : {8000, 8001, 8002, 8003, 8004, 8006, 8800}) {
    Device one;
    one.acs->script = {one.acs->say(cwmp::Fault{"Server", code, "no"})};
    one.power_on();
    EXPECT_EQ(one.device->status().state, device::State::waiting_to_retry) << code;
    one.run_for(Seconds{12});
    EXPECT_THAT(one.events(), Contains("0 BOOTSTRAP")) << code;
  }
}

HNBEMU_RULE("Informs", "TR-098 forcedInform", AnHnbsForcedParametersAreInTheInform,
            "Every Inform of an HNB has the parameters that its root and FAPService:1 force into it") {
  Device hnb("umts-hnb");
  hnb.power_on();
  hnb.session();
  ASSERT_FALSE(hnb.acs->informs().empty());
  for (const auto& inform : hnb.acs->informs())
    EXPECT_THAT(names_in(inform), IsSupersetOf(hnb.profile.inform_parameters));
}

}  // namespace
}  // namespace hnbemu::conformance
