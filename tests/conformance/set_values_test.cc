#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::SizeIs;

constexpr const char* kZone = "Device.Time.LocalTimeZone";
constexpr const char* kInterval = "Device.FAP.GPS.PeriodicInterval";

// The code of the one parameter; 0 if it was taken.
int code_of(Device& of, const std::string& path, const std::string& text, const std::string& type) {
  const auto fault = of.fault(cwmp::SetParameterValues{{{path, text, type}}, ""});
  return fault.set_parameter_values_faults.empty() ? fault.code : fault.set_parameter_values_faults[0].code;
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", AllOrNothingIsSet, "SetParameterValues with one error sets nothing") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterValues{
                {{kServer1, "set.example", "xsd:string"}, {"Device.Time.Unknown", "x", "xsd:string"}}, "key"}),
            9003);
  EXPECT_EQ(value(kServer1), "");
  EXPECT_EQ(value(kParameterKey), "");
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", WhatIsSetIsReadAtOnce,
            "What was set is read in the same session, after the answer with Status 0") {
  power_on();
  acs->forget();
  acs->requests = {cwmp::SetParameterValues{{{kServer1, "set.example", "xsd:string"}}, ""},
                   cwmp::GetParameterValues{{kServer1}}};
  session();
  ASSERT_THAT(acs->answers(), SizeIs(2));
  EXPECT_EQ(std::get<cwmp::SetParameterValuesResponse>(acs->answers()[0]).status, 0);
  EXPECT_EQ(std::get<cwmp::GetParameterValuesResponse>(acs->answers()[1]).parameters.at(0).value, "set.example");
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", WhatWasAcknowledgedIsKept,
            "What was acknowledged is kept over a loss of power, even one before the session ended") {
  power_on();
  acs->script = {Acs::pass(), acs->say(cwmp::SetParameterValues{{{kServer1, "set.example", "xsd:string"}}, "key"})};
  device->inform("6 CONNECTION REQUEST");
  run_for(Millis{25});  // the answer is on its way
  EXPECT_EQ(acs->messages.back().name, "SetParameterValuesResponse");
  lose_power();
  EXPECT_EQ(value(kServer1), "set.example");
  EXPECT_EQ(value(kParameterKey), "key");
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", NamedTwiceIsRefused,
            "A parameter that is named twice is fault 9003") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterValues{
                {{kServer1, "a", "xsd:string"}, {kServer2, "b", "xsd:string"}, {kServer1, "a", "xsd:string"}}, ""}),
            9003);
  EXPECT_EQ(value(kServer2), "");
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", ObjectsHaveNoValue, "A partial path in SetParameterValues is 9005") {
  power_on();
  EXPECT_EQ(code_of(*this, "Device.Time.", "x", "xsd:string"), 9005);
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", AnEmptyListSetsTheKey,
            "SetParameterValues of nothing sets the ParameterKey") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetParameterValues{{}, "key"}), 0);
  EXPECT_EQ(value(kParameterKey), "key");
  EXPECT_EQ(fault_code(cwmp::SetParameterValues{{}, ""}), 0);
  EXPECT_EQ(value(kParameterKey), "");
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", AThousandAreSet,
            "1,000 parameters are set by one SetParameterValues") {
  power_on();
  acs->requests.assign(500, cwmp::AddObject{"Device.DNS.Client.Server.", ""});
  session();
  run_for(Seconds{30});
  cwmp::SetParameterValues all;
  for (int i = 1; i <= 500; ++i) {
    all.parameters.push_back({fmt::format("Device.DNS.Client.Server.{}.DNSServer", i), "192.0.2.1", "xsd:string"});
    all.parameters.push_back({fmt::format("Device.DNS.Client.Server.{}.Enable", i), "1", "xsd:boolean"});
  }
  EXPECT_EQ(fault_code(all), 0);
  EXPECT_EQ(value("Device.DNS.Client.Server.500.DNSServer"), "192.0.2.1");
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", LenientTypingTakesWhatIsLegal,
            "By profile option a wrong xsi:type with a legal value is taken; an illegal one is 9006") {
  profile.quirks.lenient_types = true;
  make_device();
  power_on();
  EXPECT_EQ(code_of(*this, kInterval, "60", "xsd:string"), 0);
  EXPECT_EQ(value(kInterval), "60");
  EXPECT_EQ(code_of(*this, kInterval, "sixty", "xsd:string"), 9006);
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", WithoutATypeTheValueCounts,
            "A Value without xsi:type is taken if it is legal") {
  power_on();
  const auto request = [](const std::string& text) {
    return soap(
        fmt::format("<cwmp:SetParameterValues><ParameterList><ParameterValueStruct><Name>{}</Name><Value>{}"
                    "</Value></ParameterValueStruct></ParameterList><ParameterKey/></cwmp:SetParameterValues>",
                    kInterval, text));
  };
  EXPECT_TRUE(std::holds_alternative<cwmp::SetParameterValuesResponse>(ask_raw(request("61"))));
  EXPECT_EQ(value(kInterval), "61");
  EXPECT_TRUE(std::holds_alternative<cwmp::Fault>(ask_raw(request("many"))));
}

HNBEMU_RULE("Parameter values", "TR-106 3.2", BooleansHaveFourForms,
            "A boolean is 0, 1, false or true, and nothing else") {
  power_on();
  for (const std::string text : {"1", "true", "0", "false", " true "}) {
    EXPECT_EQ(code_of(*this, "Device.Time.Enable", text, "xsd:boolean"), 0) << text;
  }
  for (const std::string text : {"TRUE", "yes", "", "2"}) {
    EXPECT_EQ(code_of(*this, "Device.Time.Enable", text, "xsd:boolean"), 9007) << text;
  }
}

HNBEMU_RULE("Parameter values", "TR-106 3.2", NumbersHaveTheirRange, "A number beyond its type or its range is 9007") {
  power_on();
  for (const std::string text : {"0", "4294967295", " 7\n", "+7", "007"}) {
    EXPECT_EQ(code_of(*this, kInterval, text, "xsd:unsignedInt"), 0) << text;
  }
  for (const std::string text : {"-1", "4294967296", "1.5", "0x10", ""}) {
    EXPECT_EQ(code_of(*this, kInterval, text, "xsd:unsignedInt"), 9007) << text;
  }
  EXPECT_EQ(code_of(*this, "Device.ManagementServer.STUNServerPort", "65536", "xsd:unsignedInt"), 9007);
}

HNBEMU_RULE("Parameter values", "TR-106 3.2", LengthsAreInCharacters,
            "A string's length counts characters, not bytes") {
  power_on();
  std::string text;
  for (int i = 0; i < 64; ++i) text += "\xE2\x82\xAC";
  EXPECT_EQ(code_of(*this, kServer1, text, "xsd:string"), 0);
  EXPECT_EQ(code_of(*this, kServer1, text + "x", "xsd:string"), 9007);
}

HNBEMU_RULE("Parameter values", "TR-069 3.5", TextSurvivesTheWire,
            "Text with XML's own characters, spaces and other scripts is stored and read as it was sent") {
  power_on();
  const std::string text = " <a href=\"x\">&amp; ]]> \xC3\xA9\xE4\xB8\xAD ' ";
  ASSERT_TRUE(set(kZone, text));
  const auto read = ask_for<cwmp::GetParameterValuesResponse>(cwmp::GetParameterValues{{kZone}});
  EXPECT_EQ(read.parameters.at(0).value, text);
}

HNBEMU_RULE("Parameter values", "TR-106 3.2", DatesAreChecked, "A dateTime that is none is 9007") {
  power_on();
  const std::string path = "Device.FAP.GPS.PeriodicTime";
  EXPECT_EQ(code_of(*this, path, "2026-02-28T12:00:00Z", "xsd:dateTime"), 0);
  EXPECT_EQ(code_of(*this, path, "2026-02-30T12:00:00Z", "xsd:dateTime"), 9007);
  EXPECT_EQ(code_of(*this, path, "tomorrow", "xsd:dateTime"), 9007);
}

HNBEMU_RULE("Parameter values", "TR-106 enumeration", EnumerationsAreChecked,
            "A value that an enumeration has not is 9007") {
  power_on();
  const std::string path = "Device.Services.FAPService.1.AccessMgmt.LTE.AccessMode";
  EXPECT_EQ(code_of(*this, path, "Closed Access", "xsd:string"), 0);
  EXPECT_EQ(code_of(*this, path, "closed access", "xsd:string"), 9007);
}

HNBEMU_RULE("Parameter values", "TR-106 3.2.3", ListsAreCheckedItemByItem, "A list with one illegal item is 9007") {
  power_on();
  const std::string path = "Device.Services.FAPService.1.CellConfig.LTE.RAN.RF.DLBandwidth";
  EXPECT_EQ(code_of(*this, path, "25, 50", "xsd:string"), 0);
  EXPECT_EQ(code_of(*this, path, "25,51", "xsd:string"), 9007);
}

HNBEMU_RULE("Parameter values", "TR-069 A.3.2.1", AFailedRequestIsNotKept,
            "Nothing of a refused SetParameterValues is there after a loss of power") {
  power_on();
  ask(cwmp::SetParameterValues{{}, "before"});
  ask(cwmp::SetParameterValues{{{kServer1, "a", "xsd:string"}, {"Device.Unknown", "b", "xsd:string"}}, "after"});
  lose_power();
  EXPECT_EQ(value(kServer1), "");
  EXPECT_EQ(value(kParameterKey), "before");
}

}  // namespace
}  // namespace hnbemu::conformance
