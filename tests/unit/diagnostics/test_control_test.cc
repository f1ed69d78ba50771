#include "diagnostics/test_control.h"

#include <gmock/gmock.h>

#include "models.h"

namespace hnbemu::diagnostics {
namespace {

using datamodel::Assignment;
using datamodel::Origin;
const std::string kPing = "Device.IP.Diagnostics.IPPing.";
const std::string kTrace = "Device.IP.Diagnostics.TraceRoute.";

class Control : public testing::Test {
 protected:
  Control() { control_.power_up(); }
  bool request(const std::string& object = kPing, Origin origin = Origin::acs) {
    return set(model_, object + "DiagnosticsState", "Requested", origin);
  }
  std::string state(const std::string& object = kPing) { return at(model_, object + "DiagnosticsState"); }
  std::string begun() {
    const auto test = control_.begin();
    return test ? control_.objects()[*test].path : "";
  }
  std::size_t begin_ping() {
    EXPECT_TRUE(request());
    return control_.begin().value();
  }

  datamodel::DataModel model_ = model_of("lte-henb");
  std::vector<std::size_t> told_to_end_;
  TestControl control_{model_, [this](std::size_t test) { told_to_end_.push_back(test); }};
};

TEST_F(Control, WhenNothingIsRequested_ThenNothingBegins) {
  EXPECT_EQ(begun(), "");
  EXPECT_EQ(state(), "None");
}

TEST_F(Control, WhenATestIsRequested_ThenItBeginsOnce) {
  EXPECT_TRUE(request());
  EXPECT_EQ(begun(), kPing);
  EXPECT_EQ(begun(), "");
  EXPECT_EQ(state(), "Requested");
}

TEST_F(Control, WhenSettingsComeWithTheRequest_ThenItIsStillOneRequest) {
  const std::vector<Assignment> all{{kPing + "DiagnosticsState", "Requested", ""}, {kPing + "Host", "h", ""}};
  ASSERT_TRUE(model_.set(all));
  EXPECT_EQ(begun(), kPing);
}

TEST_F(Control, WhenATestEnds_ThenItsResultsAreThereAndTheAcsIsTold) {
  const auto test = begin_ping();
  auto report = completed();
  report.values = {{"SuccessCount", "3"}, {"NoSuchParameter", "3"}};
  EXPECT_TRUE(control_.ended(test, report));
  EXPECT_EQ(state(), "Complete");
  EXPECT_EQ(at(model_, kPing + "SuccessCount"), "3");
}

TEST_F(Control, WhenTheUserOfTheDeviceRequestedIt_ThenTheAcsIsNotTold) {
  request(kPing, Origin::command);
  EXPECT_FALSE(control_.ended(control_.begin().value(), completed()));
  EXPECT_EQ(state(), "Complete");
}

TEST_F(Control, WhenASettingIsWrittenWhileItRuns_ThenItEndsWithNone) {
  const auto test = begin_ping();
  EXPECT_TRUE(set(model_, kPing + "DSCP", "10"));
  EXPECT_THAT(told_to_end_, testing::ElementsAre(test));
  EXPECT_EQ(state(), "None");
  EXPECT_FALSE(control_.ended(test, completed()));
  EXPECT_EQ(state(), "None");
  EXPECT_EQ(begun(), "");
}

TEST_F(Control, WhenASettingIsWrittenBeforeItBegins_ThenItDoesNotBegin) {
  request();
  set(model_, kPing + "DSCP", "10");
  EXPECT_EQ(begun(), "");
  EXPECT_EQ(state(), "None");
}

TEST_F(Control, WhenItIsRequestedAgainWhileItRuns_ThenItBeginsAgainAfterItsEnd) {
  const auto test = begin_ping();
  EXPECT_TRUE(request());
  EXPECT_THAT(told_to_end_, testing::ElementsAre(test));
  EXPECT_EQ(begun(), "");  // the first still runs
  EXPECT_FALSE(control_.ended(test, completed()));
  EXPECT_EQ(state(), "Requested");
  EXPECT_EQ(begun(), kPing);
  EXPECT_TRUE(control_.ended(test, completed()));
}

TEST_F(Control, WhenItIsCanceled_ThenItsStateIsNone) {
  const auto test = begin_ping();
  EXPECT_TRUE(set(model_, kPing + "DiagnosticsState", "Canceled"));
  EXPECT_THAT(told_to_end_, testing::ElementsAre(test));
  EXPECT_EQ(state(), "None");
  EXPECT_FALSE(control_.ended(test, completed()));
}

TEST_F(Control, WhenTheAcsSetsWhatTheDeviceAloneMay_ThenItIsRefused) {
  for (const auto* const value : {"None", "Complete", "Error_Internal", "Error_Other", "Done"}) {
    EXPECT_FALSE(set(model_, kPing + "DiagnosticsState", value)) << value;
  }
  EXPECT_EQ(state(), "None");
}

TEST_F(Control, WhenASettingIsWrittenAfterTheEnd_ThenTheResultsAreNoneOfIt) {
  auto report = completed();
  report.values = {{"SuccessCount", "3"}};
  control_.ended(begin_ping(), report);
  set(model_, kPing + "Host", "another");
  EXPECT_EQ(state(), "None");
  EXPECT_EQ(at(model_, kPing + "SuccessCount"), "0");
}

TEST_F(Control, WhenItIsRequestedAgain_ThenOldResultsAreGoneAtOnce) {
  request(kTrace);
  auto report = completed();
  report.tables = {{"RouteHops", {{{"Host", "a"}}, {{"Host", "b"}}}}};
  control_.ended(control_.begin().value(), report);
  EXPECT_EQ(at(model_, kTrace + "RouteHopsNumberOfEntries"), "2");
  EXPECT_EQ(at(model_, kTrace + "RouteHops.2.Host"), "b");
  request(kTrace);
  EXPECT_EQ(at(model_, kTrace + "RouteHopsNumberOfEntries"), "0");
  EXPECT_EQ(at(model_, kTrace + "RouteHops.1.Host"), "(none)");
}

TEST_F(Control, WhenATableIsFilledAgain_ThenItsRowsBeginWithOne) {
  for (const auto* const host : {"a", "b"}) {
    request(kTrace);
    auto report = completed();
    report.tables = {{"RouteHops", {{{"Host", host}}}}};
    control_.ended(control_.begin().value(), report);
    EXPECT_EQ(at(model_, kTrace + "RouteHops.1.Host"), host);
  }
}

TEST_F(Control, WhenTwoObjectsAreRequested_ThenBothRun) {
  request(kPing);
  request(kTrace);
  EXPECT_EQ(begun(), kPing);
  EXPECT_EQ(begun(), kTrace);
}

TEST_F(Control, WhenAnotherObjectIsWritten_ThenThisOneGoesOn) {
  begin_ping();
  set(model_, kTrace + "Host", "h");
  EXPECT_THAT(told_to_end_, testing::IsEmpty());
  EXPECT_EQ(state(), "Requested");
}

TEST_F(Control, WhenThePowerGoes_ThenTestsEndAndAreNoneAfterwards) {
  const auto test = begin_ping();
  control_.power_down();
  EXPECT_FALSE(control_.ended(test, completed()));
  control_.power_up();
  EXPECT_EQ(state(), "None");
  EXPECT_EQ(begun(), "");
}

TEST_F(Control, WhenMoreIsAskedForThanATestDoes_ThenTheSettingIsRefused) {
  EXPECT_TRUE(set(model_, kPing + "NumberOfRepetitions", fmt::to_string(kMaxRepetitions)));
  EXPECT_FALSE(set(model_, kPing + "NumberOfRepetitions", fmt::to_string(kMaxRepetitions + 1)));
  EXPECT_FALSE(set(model_, kPing + "Timeout", "4294967295"));
  EXPECT_FALSE(set(model_, kPing + "DataBlockSize", "65535"));
  EXPECT_FALSE(set(model_, "Device.IP.Diagnostics.UploadDiagnostics.TestFileLength", "18446744073709551615"));
  EXPECT_FALSE(set(model_, "Device.IP.Diagnostics.DownloadDiagnostics.NumberOfConnections", "9"));
}

}  // namespace
}  // namespace hnbemu::diagnostics
