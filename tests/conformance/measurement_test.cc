#include "conformance/rule.h"
#include "doubles/measured.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

const std::string kTable = "Device.FAP.PerfMgmt.Config.";
const std::string kConfig = kTable + "1.";
const std::string kFilesUrl = "http://files.operator.example/pm";
constexpr Seconds kPeriod{900};

class MeasuringDevice : public Device {
 public:
  MeasuringDevice() {
    measures = true;
    make_device();
  }
  cwmp::Fault set_all(std::vector<std::pair<std::string, std::string>> values) {
    cwmp::SetParameterValues request;
    for (auto& [name, value] : values) {
      const char* const type = name.ends_with("Enable")     ? "xsd:boolean"
                               : name.ends_with("Interval") ? "xsd:unsignedInt"
                               : name.ends_with("Time")     ? "xsd:dateTime"
                                                            : "xsd:string";
      request.parameters.push_back({name, value, type});
    }
    return fault(std::move(request));
  }
  void collect(const std::string& object = kConfig, const std::string& url = kFilesUrl, const char* interval = "900") {
    const auto refused =
        set_all({{object + "URL", url}, {object + "PeriodicUploadInterval", interval}, {object + "Enable", "true"}});
    ASSERT_EQ(refused.code, 0) << refused.text;
  }
  void until_next_period() { run_for(kPeriod); }
  void refused_with_9007(const std::string& name, const std::string& value) {
    const auto before = this->value(kConfig + name);
    const auto refused = set_all({{kConfig + name, value}});
    EXPECT_EQ(refused.code, 9003) << value;
    ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1)) << value;
    EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9007) << value;
    EXPECT_EQ(refused.set_parameter_values_faults[0].parameter, kConfig + name);
    EXPECT_EQ(this->value(kConfig + name), before);
  }
  // Of what was sent to the place, in its order.
  std::vector<std::string> names(const std::string& place = kFilesUrl) const {
    std::vector<std::string> all;
    for (const auto& request : files.requests) {
      const auto url = request.url.to_string();
      if (url.starts_with(place + "/")) all.push_back(url.substr(place.size() + 1));
    }
    return all;
  }
  std::string add_row() {
    const auto added = ask_for<cwmp::AddObjectResponse>(cwmp::AddObject{kTable, ""});
    return fmt::format("{}{}.", kTable, added.instance_number);
  }
};

class MeasurementConformanceTest : public testing::Test, public MeasuringDevice {};

#define HNBEMU_MEASUREMENT_RULE(clause, name, text)                                             \
  static const bool name##_is_listed = [] {                                                     \
    ::hnbemu::conformance::rules().push_back({"Performance measurement", clause, #name, text}); \
    return true;                                                                                \
  }();                                                                                          \
  TEST_F(MeasurementConformanceTest, name)

HNBEMU_MEASUREMENT_RULE("TR-262 PeriodicUploadInterval", AnIntervalThatCannotBeKeptIsRefused,
                        "Zero, no whole number of granularity periods, more than the device can: fault 9007") {
  power_on();
  for (const auto* const wrong : {"0", "1000", "604801", "691200", "4294967295"}) {
    refused_with_9007("PeriodicUploadInterval", wrong);
  }
}

HNBEMU_MEASUREMENT_RULE("TS 32.401 5.2.2", WholeGranularityPeriodsAreTaken,
                        "A reporting period of one or more whole granularity periods is taken") {
  power_on();
  for (const auto* const good : {"900", "1800", "3600", "86400", "604800"}) {
    EXPECT_EQ(set_all({{kConfig + "PeriodicUploadInterval", good}}).code, 0) << good;
  }
}

HNBEMU_MEASUREMENT_RULE("TR-262 URL", AUrlThatNothingCanBeSentToIsRefused,
                        "A scheme that the device does not have, or no URL at all: fault 9007") {
  power_on();
  for (const auto* const wrong :
       {"gopher://pm.example/", "tftp://pm.example/", "file:///tmp/", "pm.example", "http://"}) {
    refused_with_9007("URL", wrong);
  }
}

HNBEMU_MEASUREMENT_RULE("TR-262 URL", EachSchemeOfTheDeviceIsTaken,
                        "http, https, ftp, ftps, sftp, and no URL are taken") {
  power_on();
  for (const auto* const good : {"http", "https", "ftp", "ftps", "sftp"}) {
    EXPECT_EQ(set_all({{kConfig + "URL", fmt::format("{}://pm.example/", good)}}).code, 0) << good;
  }
  EXPECT_EQ(set_all({{kConfig + "URL", ""}}).code, 0);
}

HNBEMU_MEASUREMENT_RULE("TR-069 A.3.2.1", AWrongSettingKeepsTheOthersOut,
                        "Set together with a wrong value, nothing of the measurement is set, and nothing is sent") {
  power_on();
  const auto refused = set_all(
      {{kConfig + "URL", kFilesUrl}, {kConfig + "Enable", "true"}, {kConfig + "PeriodicUploadInterval", "1000"}});
  ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1));
  EXPECT_EQ(refused.set_parameter_values_faults[0].parameter, kConfig + "PeriodicUploadInterval");
  EXPECT_EQ(value(kConfig + "URL"), "");
  until_next_period();
  EXPECT_THAT(files.requests, IsEmpty());
}

HNBEMU_MEASUREMENT_RULE("TR-262 ConfigNumberOfEntries", TheNumberOfEntriesIsTheDevices,
                        "ConfigNumberOfEntries is read-only, fault 9008, and follows AddObject and DeleteObject") {
  power_on();
  const auto number = "Device.FAP.PerfMgmt.ConfigNumberOfEntries";
  const auto refused = fault(cwmp::SetParameterValues{{{number, "5", "xsd:unsignedInt"}}, ""});
  ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1));
  EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9008);
  EXPECT_EQ(value(number), "1");
  const auto row = add_row();
  EXPECT_EQ(value(number), "2");
  EXPECT_EQ(fault_code(cwmp::DeleteObject{row, ""}), 0);
  EXPECT_EQ(value(number), "1");
}

HNBEMU_MEASUREMENT_RULE("TR-262 Config", ARowThatIsAddedHasTheSameRules,
                        "What is refused in the first row is refused in one that was added") {
  power_on();
  const auto row = add_row();
  for (const auto& [name, wrong] :
       {std::pair{"PeriodicUploadInterval", "1000"}, std::pair{"URL", "tftp://pm.example/"}}) {
    const auto refused = set_all({{row + name, wrong}});
    ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1)) << name;
    EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9007);
  }
}

HNBEMU_MEASUREMENT_RULE("TS 32.593 5.4", EachPeriodGivesOneFile,
                        "Enabled, each period ends with one file, below the URL, and no session is held for it") {
  power_on();
  collect();
  acs->forget();
  for (int i = 0; i < 3; ++i) until_next_period();
  EXPECT_THAT(names(), SizeIs(3));
  EXPECT_THAT(acs->informs(), IsEmpty());
  EXPECT_THAT(files.sent.begin()->second, HasSubstr("<measCollecFile"));
}

HNBEMU_MEASUREMENT_RULE("TR-262 Enable", DisabledMeansNone, "Disabled: no file, as long as it is") {
  power_on();
  collect();
  EXPECT_EQ(set_all({{kConfig + "Enable", "false"}}).code, 0);
  until_next_period();
  until_next_period();
  EXPECT_THAT(files.requests, IsEmpty());
  EXPECT_EQ(set_all({{kConfig + "Enable", "true"}}).code, 0);
  until_next_period();
  EXPECT_THAT(names(), SizeIs(1));
}

HNBEMU_MEASUREMENT_RULE("TR-262 URL", WithoutAUrlThereIsNoFile, "Enabled without a URL, nothing is sent") {
  power_on();
  EXPECT_EQ(set_all({{kConfig + "Enable", "true"}}).code, 0);
  until_next_period();
  EXPECT_THAT(files.requests, IsEmpty());
}

HNBEMU_MEASUREMENT_RULE("TS 32.432 5.1", NamesSayPeriodAndSender,
                        "A file's name has begin and end of its period, with the time zone, and the device") {
  power_on();
  collect();
  until_next_period();
  EXPECT_THAT(names(), ElementsAre(StartsWith("A20260101.0100+0000-0115+0000_-1_02A1B2-")));
}

HNBEMU_MEASUREMENT_RULE("TR-262 PeriodicUploadTime", PeriodsEndAtTheTimeOfTheAcs,
                        "Periods end at PeriodicUploadTime and whole intervals from it, before and after") {
  power_on();
  EXPECT_EQ(set_all({{kConfig + "PeriodicUploadTime", "2030-01-01T00:05:00Z"}}).code, 0);
  collect();
  until_next_period();
  until_next_period();
  ASSERT_THAT(names(), SizeIs(2));
  EXPECT_THAT(names().front(), HasSubstr("-0105+0000_"));
  EXPECT_THAT(names().back(), HasSubstr(".0105+0000-0120+0000_"));
}

HNBEMU_MEASUREMENT_RULE("TR-262 Username", TheServerIsGivenTheLogin, "Username and Password are for the file server") {
  power_on();
  EXPECT_EQ(set_all({{kConfig + "Username", "femto"}, {kConfig + "Password", "secret"}}).code, 0);
  collect();
  until_next_period();
  ASSERT_THAT(files.requests, SizeIs(1));
  EXPECT_EQ(files.requests[0].username, "femto");
  EXPECT_EQ(files.requests[0].password, "secret");
}

HNBEMU_MEASUREMENT_RULE("TR-262 Config", EachRowHasItsOwnFiles, "Rows have each its URL and interval") {
  power_on();
  collect();
  const auto row = add_row();
  collect(row, "http://files.operator.example/slow", "1800");
  for (int i = 0; i < 4; ++i) until_next_period();
  EXPECT_THAT(names(), SizeIs(4));
  EXPECT_THAT(names("http://files.operator.example/slow"), SizeIs(2));
}

HNBEMU_MEASUREMENT_RULE("TR-262 Config", WhatWaitsGoesWithItsRow,
                        "Files of a row that is deleted are not sent any more") {
  power_on();
  const auto row = add_row();
  collect(row);
  for (int i = 0; i < 40; ++i) files.fail(Cause::network);
  until_next_period();
  EXPECT_EQ(fault_code(cwmp::DeleteObject{row, ""}), 0);
  files.script.clear();
  files.requests.clear();
  until_next_period();
  EXPECT_THAT(files.requests, IsEmpty());
}

HNBEMU_MEASUREMENT_RULE("TS 32.593 5.4", WhatWasNotTakenIsSentAgainInOrder,
                        "A file that the server did not take is kept and sent again, before those after it") {
  power_on();
  collect();
  for (int i = 0; i < 12; ++i) files.fail(Cause::network);
  for (int i = 0; i < 4; ++i) until_next_period();
  files.script.clear();
  files.requests.clear();
  until_next_period();
  const auto late = names();
  EXPECT_TRUE(std::ranges::is_sorted(late));
  for (int i = 0; i < 2; ++i) until_next_period();
  EXPECT_THAT(files.sent, SizeIs(7));
}

HNBEMU_MEASUREMENT_RULE("TS 32.401 5.2.3", APeriodWithARebootIsSuspect,
                        "Of a period in which the device was without power, what was counted says suspect") {
  power_on();
  collect();
  run_for(Seconds{600});
  lose_power();
  power_on();
  until_next_period();
  ASSERT_FALSE(files.sent.empty());
  EXPECT_GT(test::read_measured(files.sent.begin()->second).suspect, 0u);
}

}  // namespace
}  // namespace hnbemu::conformance
