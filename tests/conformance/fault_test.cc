#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string methods(const std::string& id = "x") {
  return soap("<cwmp:GetRPCMethods/>", fmt::format(R"(<cwmp:ID s:mustUnderstand="1">{}</cwmp:ID>)", id));
}

// "Client 9003"
std::string fault_of(const cwmp::Body& answer) {
  const auto* const fault = std::get_if<cwmp::Fault>(&answer);
  return fault == nullptr ? "no fault" : fmt::format("{} {}", fault->soap_code, fault->code);
}

// "Device.X 9007" of each parameter at fault.
std::vector<std::string> parameters_of(const cwmp::Fault& fault) {
  std::vector<std::string> all;
  for (const auto& one : fault.set_parameter_values_faults)
    all.push_back(fmt::format("{} {}", one.parameter, one.code));
  return all;
}

HNBEMU_RULE("CWMP faults", "TR-069 A.5.1", UnknownMethodIs9000, "A method that the CPE has not is fault 9000, Server") {
  power_on();
  EXPECT_EQ(fault_of(ask(cwmp::UnknownMethod{"X_02A1B2_Dance"})), "Server 9000");
}

HNBEMU_RULE("CWMP faults", "TR-069 A.5.1", TheAcssMethodsAreNotTheCpes,
            "A method of the ACS that is called at the CPE is fault 9000") {
  power_on();
  EXPECT_EQ(fault_of(ask(cwmp::Kicked{"a", "b", "c", "d"})), "Server 9000");
}

HNBEMU_RULE("CWMP faults", "TR-069 A.5.1", MissingArgumentIs9003,
            "A method without one of its arguments is fault 9003, Client") {
  power_on();
  EXPECT_EQ(fault_of(ask_raw(soap("<cwmp:Reboot/>"))), "Client 9003");
  EXPECT_EQ(device->status().state, device::State::registered);
}

HNBEMU_RULE("CWMP faults", "TR-069 A.5.1", ArgumentOfAnotherTypeIs9003,
            "An argument that is no value of its type is fault 9003") {
  power_on();
  EXPECT_EQ(fault_of(ask_raw(soap("<cwmp:GetParameterNames><ParameterPath>Device.</ParameterPath>"
                                  "<NextLevel>maybe</NextLevel></cwmp:GetParameterNames>"))),
            "Client 9003");
  EXPECT_EQ(fault_of(ask_raw(soap("<cwmp:ScheduleInform><DelaySeconds>-5</DelaySeconds><CommandKey/>"
                                  "</cwmp:ScheduleInform>"))),
            "Client 9003");
}

HNBEMU_RULE("CWMP faults", "TR-069 A.3.2.1", KeysHaveTheirLength,
            "A ParameterKey or CommandKey of more than 32 characters is fault 9003; of 32 it is taken") {
  power_on();
  const std::string longest(32, 'k');
  EXPECT_EQ(fault_code(cwmp::SetParameterValues{{}, longest + "k"}), 9003);
  EXPECT_EQ(fault_code(cwmp::AddObject{"Device.DNS.Client.Server.", longest + "k"}), 9003);
  EXPECT_EQ(fault_code(cwmp::Reboot{longest + "k"}), 9003);
  EXPECT_EQ(fault_code(cwmp::ScheduleInform{60, longest + "k"}), 9003);
  EXPECT_EQ(fault_code(cwmp::SetParameterValues{{}, longest}), 0);
}

HNBEMU_RULE("CWMP faults", "TR-069 A.5.1", UnknownNamesAre9005,
            "An unknown parameter or object is fault 9005, Client, in each method that names one") {
  power_on();
  for (const std::string path : {"Device.Unknown", "Device.Unknown.", "Other."}) {
    EXPECT_EQ(fault_of(ask(cwmp::GetParameterValues{{path}})), "Client 9005");
    EXPECT_EQ(fault_of(ask(cwmp::GetParameterNames{path, false})), "Client 9005");
    EXPECT_EQ(fault_of(ask(cwmp::GetParameterAttributes{{path}})), "Client 9005");
    EXPECT_EQ(fault_of(ask(cwmp::SetParameterAttributes{{{path, true, 1, false, {}}}})), "Client 9005");
  }
}

HNBEMU_RULE("CWMP faults", "TR-069 A.3.2.2", OneUnknownNameFailsTheWhole,
            "GetParameterValues of good names and an unknown one is a fault alone") {
  power_on();
  EXPECT_EQ(fault_of(ask(cwmp::GetParameterValues{{"Device.Time.", "Device.Unknown", "Device.Time.NTPServer1"}})),
            "Client 9005");
}

HNBEMU_RULE("CWMP faults", "TR-106 3.1", LongNamesAreUnknown, "A name of more than 256 characters is fault 9005") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::GetParameterValues{{"Device." + std::string(10'000, 'a') + "."}}), 9005);
}

HNBEMU_RULE("CWMP faults", "TR-069 A.3.2.1", EachParameterAtFaultIsTold,
            "SetParameterValues with errors is fault 9003 with a SetParameterValuesFault of its own code for each") {
  power_on();
  const auto refused = fault(cwmp::SetParameterValues{{{"Device.Time.NTPServer1", "good", "xsd:string"},
                                                       {"Device.Time.Unknown", "x", "xsd:string"},
                                                       {"Device.Time.Enable", "1", "xsd:int"},
                                                       {"Device.FAP.GPS.PeriodicInterval", "-1", "xsd:unsignedInt"},
                                                       {"Device.DeviceInfo.SerialNumber", "1", "xsd:string"}},
                                                      "key"});
  EXPECT_EQ(refused.code, 9003);
  EXPECT_EQ(refused.soap_code, "Client");
  EXPECT_THAT(parameters_of(refused),
              ElementsAre("Device.Time.Unknown 9005", "Device.Time.Enable 9006", "Device.FAP.GPS.PeriodicInterval 9007",
                          "Device.DeviceInfo.SerialNumber 9008"));
}

HNBEMU_RULE("CWMP faults", "TR-069 A.3.2.1", ReadOnlyIs9008WhateverTheValue,
            "A non-writable parameter is fault 9008, also with a value that would be wrong, or with its own") {
  power_on();
  const std::string path = "Device.FAP.GPS.LockedLatitude";
  for (const std::string text : {"north", "51500000"}) {
    EXPECT_THAT(parameters_of(fault(cwmp::SetParameterValues{{{path, text, "xsd:int"}}, ""})),
                ElementsAre(path + " 9008"));
  }
}

HNBEMU_RULE("CWMP faults", "TR-069 3.5", OtherFaultsHaveNoParameters,
            "A fault of another method than SetParameterValues has no SetParameterValuesFault") {
  power_on();
  EXPECT_THAT(fault(cwmp::AddObject{"Device.Unknown.", ""}).set_parameter_values_faults, IsEmpty());
}

HNBEMU_RULE("CWMP faults", "TR-069 3.5", TheFaultHasItsElements,
            "A fault is a SOAP Fault with faultstring \"CWMP fault\" and the code in detail's cwmp:Fault") {
  power_on();
  ask(cwmp::UnknownMethod{"X_02A1B2_Dance"});
  const auto& sent = *(acs->messages.end() - 1);
  EXPECT_THAT(sent.request.body, testing::HasSubstr("<faultstring>CWMP fault</faultstring>"));
  EXPECT_THAT(sent.request.body, testing::HasSubstr("<detail><cwmp:Fault><FaultCode>9000</FaultCode>"));
}

HNBEMU_RULE("CWMP faults", "TR-069 3.5", AFaultHasTheIdOfItsRequest, "A fault carries the cwmp:ID of the request") {
  power_on();
  ask_raw(soap("<cwmp:Dance/>", R"(<cwmp:ID s:mustUnderstand="1">id-17</cwmp:ID>)"));
  EXPECT_EQ(acs->messages.back().name, "Fault");
  EXPECT_EQ(acs->messages.back().envelope.id, "id-17");
}

HNBEMU_RULE("CWMP faults", "TR-069 3.7.1.4", AFaultDoesNotEndTheSession,
            "After a fault the session goes on, and ends well") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), acs->say(cwmp::UnknownMethod{"Dance"}), Acs::raw(methods())};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "Fault", "GetRPCMethodsResponse"));
  session();
  EXPECT_EQ(acs->informs().back().retry_count, 0u);
}

}  // namespace
}  // namespace hnbemu::conformance
