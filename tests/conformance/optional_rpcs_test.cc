#include <algorithm>
#include <array>

#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kUnit = "0123abcd-1111-2222-3333-0123456789AB";
constexpr const char* kNilUnit = "00000000-0000-0000-0000-000000000000";
constexpr const char* kFile = "http://files.operator.example/unit";

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned triple = 0;
    for (std::size_t k = 0; k < 3; ++k)
      triple = triple << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (unsigned k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[triple >> (18 - 6 * k) & 63];
  }
  return out;
}

// An Annex C voucher of one option, signed by nobody.
std::string voucher(const std::string& name, const std::string& serial = "HENB000001",
                    const std::string& mode = "EnabledWithExpiration") {
  return base64(fmt::format(
      R"(<?xml version="1.0"?><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/><SignatureValue/>)"
      R"(<Object Id="option0"><Option><VSerialNum>77</VSerialNum><DeviceId><Manufacturer>hnbemu</Manufacturer>)"
      R"(<OUI>02A1B2</OUI><ProductClass>LTE-HeNB</ProductClass><SerialNumber>{}</SerialNumber></DeviceId>)"
      R"(<OptionIdent>{}</OptionIdent><OptionDesc>d</OptionDesc><StartDate>2020-01-01T00:00:00Z</StartDate>)"
      R"(<Duration>1000</Duration><DurationUnits>Months</DurationUnits><Mode>{}</Mode><Transferable>1</Transferable>)"
      R"(</Option></Object></Signature>)",
      serial, name, mode));
}

class OptionalDevice : public Device {
 public:
  OptionalDevice() {
    profile.optional_rpcs = {"SetVouchers", "GetOptions", "ChangeDUState"};
    make_device();
  }

  std::vector<cwmp::OptionStruct> options(const std::string& name = "") {
    return ask_for<cwmp::GetOptionsResponse>(cwmp::GetOptions{name}).options;
  }
  std::vector<cwmp::DuStateChangeComplete> told() const {
    std::vector<cwmp::DuStateChangeComplete> all;
    for (const auto& message : acs->messages) {
      if (const auto* one = std::get_if<cwmp::DuStateChangeComplete>(&message.envelope.body)) all.push_back(*one);
    }
    return all;
  }
  static cwmp::ChangeDuState change(const std::string& key = "key") {
    return {{{cwmp::DuOperation::Kind::install, kUnit, kFile}}, key};
  }
  // FaultCode in the result of one operation.
  int result_of(cwmp::DuOperation operation) {
    acs->forget();
    EXPECT_EQ(fault_code(cwmp::ChangeDuState{{std::move(operation)}, ""}), 0);
    run_for(Seconds{2});
    const auto all = told();
    return all.size() == 1 && all[0].results.size() == 1 ? all[0].results[0].fault_code : -1;
  }
};

class OptionalConformanceTest : public testing::Test, public OptionalDevice {};

#define HNBEMU_OPTIONAL_RULE(category, clause, name, text)                     \
  static const bool name##_is_listed = [] {                                    \
    ::hnbemu::conformance::rules().push_back({category, clause, #name, text}); \
    return true;                                                               \
  }();                                                                         \
  TEST_F(OptionalConformanceTest, name)

HNBEMU_RULE("GetRPCMethods", "TR-069 A.3.1.1", WhatIsNotListedIsNotThere,
            "SetVouchers, GetOptions and ChangeDUState are fault 9000 and not on the list if the profile has none") {
  power_on();
  const auto methods = ask_for<cwmp::GetRpcMethodsResponse>(cwmp::GetRpcMethods{}).methods;
  for (const std::string method : {"SetVouchers", "GetOptions", "ChangeDUState"}) {
    EXPECT_THAT(methods, Not(Contains(method)));
    EXPECT_EQ(fault_code(cwmp::UnknownMethod{method}), 9000) << method;
  }
  EXPECT_EQ(fault_code(cwmp::SetVouchers{{voucher("a")}}), 9000);
  EXPECT_EQ(fault_code(cwmp::GetOptions{}), 9000);
  EXPECT_EQ(fault_code(OptionalDevice::change()), 9000);
}

HNBEMU_OPTIONAL_RULE("GetRPCMethods", "TR-069 A.3.1.1", WhatIsListedIsThere,
                     "SetVouchers, GetOptions and ChangeDUState are on the list, and answered, if the profile has "
                     "them") {
  power_on();
  const auto methods = ask_for<cwmp::GetRpcMethodsResponse>(cwmp::GetRpcMethods{}).methods;
  EXPECT_THAT(methods, testing::IsSupersetOf({"SetVouchers", "GetOptions", "ChangeDUState"}));
  EXPECT_EQ(fault_code(cwmp::GetOptions{}), 0);
}

HNBEMU_OPTIONAL_RULE("GetRPCMethods", "TR-069 A.4.1.10", OldVersionsHaveNoChangeDuState,
                     "With an ACS of CWMP 1.1 a device of 1.2 has no ChangeDUState") {
  acs->speaks = cwmp::Version::v1_1;
  power_on();
  const auto methods = ask_for<cwmp::GetRpcMethodsResponse>(cwmp::GetRpcMethods{}).methods;
  EXPECT_THAT(methods, Not(Contains("ChangeDUState")));
  EXPECT_THAT(methods, Contains("GetOptions"));
  EXPECT_EQ(fault_code(change()), 9000);
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 A.4.1.4", AFreshDeviceHasNoOption,
                     "GetOptions without a name is all options; of a device that was given none, an empty OptionList") {
  power_on();
  EXPECT_THAT(options(), IsEmpty());
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 A.4.1.3", AVoucherSetsItsOption,
                     "SetVouchers enables the option of each voucher, and GetOptions tells of it") {
  power_on();
  ask_for<cwmp::SetVouchersResponse>(
      cwmp::SetVouchers{{voucher("Carrier 2"), voucher("MIMO", "HENB000001", "EnabledWithoutExpiration")}});
  const auto all = options();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].name, "Carrier 2");
  EXPECT_EQ(all[0].voucher_sn, 77u);
  EXPECT_EQ(all[0].state, 3u);
  EXPECT_EQ(all[0].mode, 1);
  EXPECT_EQ(all[0].start_date, "2020-01-01T00:00:00Z");
  EXPECT_EQ(all[0].expiration_date, "2102-02-20T00:00:00Z");
  EXPECT_TRUE(all[0].is_transferable);
  EXPECT_EQ(all[1].mode, 2);
  EXPECT_EQ(all[1].expiration_date, "");
  EXPECT_THAT(options("MIMO"), ElementsAre(all[1]));
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 Annex C", AVoucherDisablesItsOption,
                     "A later voucher of an option takes the place of the earlier one, and may disable it") {
  power_on();
  ask(cwmp::SetVouchers{{voucher("MIMO")}});
  ask(cwmp::SetVouchers{{voucher("MIMO", "HENB000001", "Disabled")}});
  const auto all = options();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].state, 0u);
  EXPECT_EQ(all[0].mode, 0);
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 A.4.1.4", AnUnknownOptionIs9003,
                     "GetOptions of an option that the device has not is fault 9003") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::GetOptions{"none"}), 9003);
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 A.4.1.3", WhatIsNoVoucherIs9003,
                     "A voucher that is no base64, no XML, no signature, or without a good Option is fault 9003, and "
                     "none of the call counts") {
  power_on();
  for (const auto& wrong :
       {std::string("%%%"), std::string("abc"), base64("no xml"), base64("<a/>"), base64("<Signature/>"),
        base64("<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>"), voucher(""), voucher(std::string(65, 'x')),
        voucher("MIMO", "HENB000001", "Perhaps"),
        base64("<!DOCTYPE a [<!ENTITY b \"c\">]><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>")}) {
    EXPECT_EQ(fault_code(cwmp::SetVouchers{{voucher("good"), wrong}}), 9003) << wrong;
  }
  EXPECT_EQ(fault_code(cwmp::SetVouchers{}), 9003);
  EXPECT_THAT(options(), IsEmpty());
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 Annex C", AnothersVoucherIsDenied,
                     "A voucher for another device is fault 9001") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::SetVouchers{{voucher("MIMO", "HENB000002")}}), 9001);
  EXPECT_THAT(options(), IsEmpty());
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 A.4.1.3", TooManyVouchersAre9004,
                     "More options than there is room for are fault 9004") {
  power_on();
  std::vector<std::string> vouchers;
  for (std::size_t i = 0; i <= cwmp::Options::kMaxOptions; ++i)
    vouchers.push_back(voucher(fmt::format("option {}", i)));
  EXPECT_EQ(fault_code(cwmp::SetVouchers{vouchers}), 9004);
  EXPECT_EQ(fault_code(cwmp::SetVouchers{{std::string(2 * cwmp::Options::kMaxVoucherBytes, 'A')}}), 9004);
  EXPECT_THAT(options(), IsEmpty());
}

HNBEMU_OPTIONAL_RULE("Vouchers and options", "TR-069 Annex C", OptionsAreKeptWithoutPower,
                     "What a voucher has set survives a loss of power, and not a factory reset") {
  power_on();
  ask(cwmp::SetVouchers{{voucher("MIMO")}});
  const auto before = options();
  lose_power();
  power_on();
  EXPECT_EQ(options(), before);
  ask(cwmp::FactoryReset{});
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(options(), IsEmpty());
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 A.4.1.10", AChangeIsToldOf,
                     "ChangeDUState is answered at once; then comes a session with 11 DU STATE CHANGE COMPLETE and M "
                     "ChangeDUState, and DUStateChangeComplete with its CommandKey") {
  power_on();
  acs->forget();
  acs->requests.push_back(change());
  session();
  run_for(Seconds{2});
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", "ChangeDUStateResponse", "Inform", "DUStateChangeComplete", ""));
  EXPECT_THAT(events(), ElementsAre("11 DU STATE CHANGE COMPLETE", "M ChangeDUState(key)"));
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(told()[0].command_key, "key");
  run_for(std::chrono::minutes(10));
  EXPECT_THAT(told(), SizeIs(1));
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 A.4.2.3", EachOperationHasItsResult,
                     "There is one result for each operation, in their order, with UUID, state, times and fault") {
  power_on();
  using enum cwmp::DuOperation::Kind;
  ask(cwmp::ChangeDuState{{{install, "", kFile}, {update, kUnit, "", "", "", "1.0"}, {uninstall, kUnit}}, "many"});
  run_for(Seconds{2});
  ASSERT_THAT(told(), SizeIs(1));
  const auto results = told()[0].results;
  ASSERT_THAT(results, SizeIs(3));
  EXPECT_EQ(results[0].uuid, kNilUnit);
  EXPECT_EQ(results[0].fault_code, 9023);
  EXPECT_EQ(results[1].uuid, kUnit);
  EXPECT_EQ(results[1].version, "1.0");
  EXPECT_EQ(results[1].fault_code, 9028);
  EXPECT_EQ(results[2].fault_code, 9028);
  for (const auto& result : results) {
    EXPECT_EQ(result.current_state, "Failed");
    EXPECT_FALSE(result.resolved);
    EXPECT_NE(result.complete_time, unknown_time);
  }
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 A.5.1", EachOperationHasItsOwnFault,
                     "An operation ends with 9022 for a UUID that is none, 9003 or 9013 for its URL, 9023 without an "
                     "execution environment, 9028 without that unit") {
  power_on();
  using enum cwmp::DuOperation::Kind;
  EXPECT_EQ(result_of({install, "not a uuid", kFile}), 9022);
  EXPECT_EQ(result_of({install, kUnit, "no url"}), 9003);
  EXPECT_EQ(result_of({install, kUnit, "gopher://files.operator.example/"}), 9013);
  EXPECT_EQ(result_of({install, kUnit, kFile, "", "", "", "Device.SoftwareModules.ExecEnv.1."}), 9023);
  EXPECT_EQ(result_of({update}), 9028);
  EXPECT_EQ(result_of({uninstall, kUnit}), 9028);
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 A.4.1.10", AWrongRequestIsRefused,
                     "ChangeDUState without an operation, with one of an unknown type, or with a long CommandKey is "
                     "fault 9003; with too many, 9004; nothing is told of it") {
  power_on();
  EXPECT_EQ(fault_code(cwmp::ChangeDuState{}), 9003);
  EXPECT_EQ(fault_code(change(std::string(33, 'k'))), 9003);
  const std::vector<cwmp::DuOperation> many(cwmp::DeploymentUnits::kMaxOperations + 1);
  EXPECT_EQ(fault_code(cwmp::ChangeDuState{many, ""}), 9004);
  const auto answer =
      ask_raw(soap("<cwmp:ChangeDUState><Operations xsi:type=\"cwmp:EatOpStruct\"/></cwmp:ChangeDUState>"));
  ASSERT_TRUE(std::holds_alternative<cwmp::Fault>(answer));
  EXPECT_EQ(std::get<cwmp::Fault>(answer).code, 9003);
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), IsEmpty());
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 3.7.1.5", AResultIsToldUntilAnswered,
                     "DUStateChangeComplete comes again, with its events, until the ACS has answered it") {
  power_on();
  acs->script = {Acs::pass(), acs->say(change()), Acs::pass(), Acs::pass(), Acs::fail(Cause::network)};
  session();
  run_for(std::chrono::minutes(1));
  ASSERT_THAT(told(), SizeIs(2));
  EXPECT_EQ(told()[0], told()[1]);
  EXPECT_THAT(events(), ElementsAre("11 DU STATE CHANGE COMPLETE", "M ChangeDUState(key)"));
  run_for(std::chrono::minutes(10));
  EXPECT_THAT(told(), SizeIs(2));
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 3.7.1.5", WhatIsNotAnsweredStaysAlone,
                     "Of two results the one that was answered is not told again, the other is, with its event") {
  power_on();
  acs->script = {Acs::pass(), acs->say(change("one")),  acs->say(change("two")), Acs::pass(), Acs::pass(),
                 Acs::pass(), Acs::fail(Cause::network)};
  session();
  run_for(std::chrono::minutes(1));
  const auto all = told();
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].command_key, "one");
  EXPECT_EQ(all[1].command_key, "two");
  EXPECT_EQ(all[2].command_key, "two");
  EXPECT_THAT(events(), Contains("M ChangeDUState(two)"));
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 3.7.1.5", AResultOfUnitsIsKeptWithoutPower,
                     "A result that the ACS has not heard is told after a loss of power and after a reboot") {
  power_on();
  acs->script = {Acs::pass(), acs->say(change()), Acs::fail(Cause::network)};
  session();
  lose_power();
  power_on();
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_THAT(events(), UnorderedElementsAre("1 BOOT", "11 DU STATE CHANGE COMPLETE", "M ChangeDUState(key)"));
  acs->forget();
  acs->requests = {change("again"), cwmp::Reboot{"boot"}};
  session();
  run_for(std::chrono::minutes(1));
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_THAT(events(), testing::IsSupersetOf({std::string("1 BOOT"), std::string("M Reboot(boot)"),
                                               std::string("M ChangeDUState(again)")}));
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 3.7.1.5", KillsAnywhereKeepTheResult,
                     "Wherever the power goes: a ChangeDUState that was answered is told, and never after the "
                     "response") {
  for (Millis at{5}; at < Millis{150}; at += Millis{5}) {
    OptionalDevice one;
    one.power_on();
    one.acs->forget();
    one.acs->requests = {change()};
    one.device->inform("6 CONNECTION REQUEST");
    one.run_for(at);
    const auto names = one.acs->names();
    const bool asked = std::ranges::count(names, "ChangeDUStateResponse") > 0;
    const auto tell = std::ranges::find(names, "DUStateChangeComplete");
    const bool answered = tell != names.end() && tell + 1 != names.end();  // its empty POST came after the commit
    one.lose_power();
    one.acs->requests.clear();
    one.acs->forget();
    one.power_on();
    one.run_for(std::chrono::minutes(2));
    if (answered) {
      EXPECT_THAT(one.told(), IsEmpty()) << at.count();
    } else if (asked) {
      EXPECT_THAT(one.told(), SizeIs(1)) << at.count();
    } else {
      EXPECT_LE(one.told().size(), 1u) << at.count();
    }
  }
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 A.4.1.10", UntoldResultsHaveABound,
                     "ChangeDUState is fault 9004 while too many results are untold") {
  power_on();
  acs->requests.assign(cwmp::DeploymentUnits::kMaxUntold + 1, change());
  acs->forget();
  session();
  const auto answers = acs->answers();
  ASSERT_GT(answers.size(), cwmp::DeploymentUnits::kMaxUntold);
  const auto* const last = std::get_if<cwmp::Fault>(&answers[cwmp::DeploymentUnits::kMaxUntold]);
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->code, 9004);
}

HNBEMU_OPTIONAL_RULE("ChangeDUState", "TR-069 3.7.1.5", ABootstrapForgetsResults,
                     "Another ACS hears 0 BOOTSTRAP and nothing of what the one before it had asked for") {
  power_on();
  acs->requests = {
      change(),
      cwmp::SetParameterValues{{{"Device.ManagementServer.URL", "http://other.operator.example/", "xsd:string"}}, ""}};
  session();
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace hnbemu::conformance
