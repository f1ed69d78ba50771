#include "statistics/periodic_statistics.h"

#include <gtest/gtest.h>

#include "profile/profile_model.h"

// TR-157, PeriodicStatistics.
namespace hnbemu::statistics {
namespace {

constexpr const char* kSet = "Device.PeriodicStatistics.SampleSet.1.";
constexpr const char* kWatched = "Device.IP.Interface.1.Stats.BytesSent";
constexpr const char* kNumber = "Device.ManagementServer.PeriodicInformInterval";

class WithSampleSet : public testing::Test {
 protected:
  WithSampleSet() {
    EXPECT_EQ(model_.add_object("Device.PeriodicStatistics.SampleSet."), 1u);
    EXPECT_EQ(model_.add_object(std::string(kSet) + "Parameter."), 1u);
    set("SampleInterval", "60", "Parameter.1.Reference", kNumber, "Parameter.1.Enable", "true");
  }
  template <class... Pairs>
  void set(const char* name, const std::string& value, Pairs... more) {
    const datamodel::Assignment assignment{std::string(kSet) + name, value, ""};
    EXPECT_TRUE(model_.set(std::span(&assignment, 1))) << name << " = " << value;
    if constexpr (sizeof...(more) > 0) set(more...);
  }
  std::string at(const std::string& name) { return model_.value(kSet + name).value_or("(none)"); }
  void watched(const std::string& value) { EXPECT_TRUE(model_.update(kNumber, value)); }
  Now now() const { return {Deadline{} + elapsed_, start_ + elapsed_, knows_time_}; }
  // Calls advance() whenever it wants to be called.
  void run_for(Seconds time) {
    const auto end = elapsed_ + time;
    while (true) {
      const auto next = statistics_.advance(now());
      const auto due = next == Deadline::max() ? end : std::chrono::ceil<Millis>(next.time_since_epoch());
      if (due > end) break;
      if (due == elapsed_) break;
      elapsed_ = due;
    }
    elapsed_ = end;
    statistics_.advance(now());
  }

  config::Profile profile_ = config::load_profile("cpe", {HNBEMU_SOURCE_DIR "/profiles"}).value();
  datamodel::DataModel model_{*profile::make_model(profile_)};
  unsigned wanted_ = 0;
  PeriodicStatistics statistics_{model_, [this] { ++wanted_; }};
  Millis elapsed_{0};
  WallTime start_ = *parse_date_time("2026-01-01T10:00:30Z");
  bool knows_time_ = true;
};

TEST_F(WithSampleSet, WhenNotEnabled_ThenNothingIsCollected) {
  run_for(Seconds{200});
  EXPECT_EQ(at("Status"), "Disabled");
  EXPECT_EQ(at("Parameter.1.Values"), "");
}

TEST_F(WithSampleSet, WhenEnabledByTheAcs_ThenSomebodyIsToldToCall) {
  const auto before = wanted_;
  set("Enable", "true");
  EXPECT_GT(wanted_, before);
}

TEST_F(WithSampleSet, WhenIntervalsEnd_ThenTheirValuesAreListedOldestFirst) {
  watched("10");
  set("Enable", "true");
  run_for(Seconds{59});
  EXPECT_EQ(at("Status"), "Enabled");
  EXPECT_EQ(at("Parameter.1.Values"), "");
  run_for(Seconds{2});
  watched("20");
  run_for(Seconds{60});
  EXPECT_EQ(at("Parameter.1.Values"), "10,20");
  EXPECT_EQ(at("Parameter.1.SampleSeconds"), "60,60");
  EXPECT_EQ(at("Parameter.1.SuspectData"), "0,0");
  EXPECT_EQ(at("SampleSeconds"), "60,60");
  EXPECT_EQ(at("ReportStartTime"), "2026-01-01T10:00:30Z");
  EXPECT_EQ(at("ReportEndTime"), "2026-01-01T10:02:30Z");
}

TEST_F(WithSampleSet, WhenThereIsATimeReference_ThenIntervalsEndAtItsMultiples) {
  set("TimeReference", "2030-06-01T00:00:00Z", "Enable", "true");
  run_for(Seconds{95});
  EXPECT_EQ(at("SampleSeconds"), "30,60");
  EXPECT_EQ(at("ReportEndTime"), "2026-01-01T10:02:00Z");
}

TEST_F(WithSampleSet, WhenTheTimeIsNotKnown_ThenTheReferenceWaitsUntilItIs) {
  knows_time_ = false;
  set("TimeReference", "2030-06-01T00:00:00Z", "Enable", "true");
  run_for(Seconds{61});
  EXPECT_EQ(at("SampleSeconds"), "60");
  EXPECT_EQ(at("ReportEndTime"), unknown_time);
  knows_time_ = true;
  run_for(Seconds{30});
  EXPECT_EQ(at("SampleSeconds"), "29");
  EXPECT_EQ(at("ReportEndTime"), "2026-01-01T10:02:00Z");
}

TEST_F(WithSampleSet, WhenMoreThanReportSamples_ThenTheOldestGoes) {
  set("ReportSamples", "2", "Enable", "true");
  for (const auto* const value : {"1", "2", "3"}) {
    watched(value);
    run_for(Seconds{60});
  }
  EXPECT_EQ(at("Parameter.1.Values"), "2,3");
  EXPECT_EQ(at("ReportStartTime"), "2026-01-01T10:01:30Z");
}

TEST_F(WithSampleSet, WhenAskedForChange_ThenItIsWhatCameInTheInterval) {
  set("Parameter.1.SampleMode", "Change", "Enable", "true");
  watched("100");
  run_for(Seconds{1});
  watched("130");
  run_for(Seconds{60});
  watched("5");  // reset in between
  run_for(Seconds{60});
  EXPECT_EQ(at("Parameter.1.Values"), "30,5");
  EXPECT_EQ(at("Parameter.1.SuspectData"), "0,1");
}

TEST_F(WithSampleSet, WhenCalculated_ThenTheValuesInBetweenCount) {
  for (const auto* const mode : {"Minimum", "Maximum", "Average"}) {
    if (std::string_view(mode) != "Minimum") model_.add_object(std::string(kSet) + "Parameter.");
  }
  set("Parameter.1.CalculationMode", "Minimum", "Parameter.2.CalculationMode", "Maximum", "Parameter.3.CalculationMode",
      "Average");
  // A key is unique: two more parameters that the same hand moves.
  const std::string other = "Device.ManagementServer.CWMPRetryMinimumWaitInterval";
  const std::string third = "Device.ManagementServer.CWMPRetryIntervalMultiplier";
  set("Parameter.2.Reference", other, "Parameter.3.Reference", third, "Parameter.2.Enable", "true",
      "Parameter.3.Enable", "true", "Enable", "true");
  run_for(Seconds{0});
  for (int i = 1; i <= 10; ++i) {
    const auto value = std::to_string(2000 + (i % 2 == 0 ? i : -i));
    for (const auto& path : {std::string(kNumber), other, third}) EXPECT_TRUE(model_.update(path, value));
    run_for(Seconds{6});
  }
  EXPECT_EQ(at("Parameter.1.Values"), "1991");
  EXPECT_EQ(at("Parameter.2.Values"), "2010");
  EXPECT_EQ(at("Parameter.3.Values"), "2000.500");
}

TEST_F(WithSampleSet, WhenThresholdsAreCrossed_ThenFailuresCountsTheCrossings) {
  set("Parameter.1.LowThreshold", "10", "Parameter.1.HighThreshold", "100", "Enable", "true");
  watched("50");
  run_for(Seconds{60});
  for (const auto* const value : {"100", "200", "50", "10", "101"}) {
    watched(value);
    run_for(Seconds{60});
  }
  EXPECT_EQ(at("Parameter.1.Failures"), "3");  // high, low, high again
}

TEST_F(WithSampleSet, WhenItIsAText_ThenModesAndThresholdsAreIgnored) {
  set("Parameter.1.Reference", "Device.DeviceInfo.ProvisioningCode", "Parameter.1.CalculationMode", "Average",
      "Parameter.1.SampleMode", "Change", "Parameter.1.LowThreshold", "1", "Enable", "true");
  ASSERT_TRUE(model_.update("Device.DeviceInfo.ProvisioningCode", "a,b%"));
  run_for(Seconds{61});
  EXPECT_EQ(at("Parameter.1.Values"), "a%2Cb%25");
  EXPECT_EQ(at("Parameter.1.Failures"), "0");
}

TEST_F(WithSampleSet, WhenTheParameterIsNotThere_ThenItsSampleIsEmptyAndSuspect) {
  set("Parameter.1.Reference", "Device.Nothing", "Enable", "true");
  run_for(Seconds{61});
  EXPECT_EQ(at("Parameter.1.Values"), "");
  EXPECT_EQ(at("Parameter.1.SampleSeconds"), "0");
  EXPECT_EQ(at("Parameter.1.SuspectData"), "1");
}

TEST_F(WithSampleSet, WhenItIsASecret_ThenOnlyWhatTheAcsReadsIsCollected) {
  ASSERT_TRUE(model_.update("Device.ManagementServer.Password", "secret"));
  set("Parameter.1.Reference", "Device.ManagementServer.Password", "Enable", "true");
  run_for(Seconds{61});
  EXPECT_EQ(at("Parameter.1.Values"), "");
}

TEST_F(WithSampleSet, WhenForced_ThenThePresentSampleIsShownAndLaterCompleted) {
  watched("7");
  set("Enable", "true");
  run_for(Seconds{60});
  watched("8");
  run_for(Seconds{20});
  set("ForceSample", "true");
  run_for(Seconds{0});
  EXPECT_EQ(at("ForceSample"), "false");
  EXPECT_EQ(at("Parameter.1.Values"), "7,8");
  EXPECT_EQ(at("SampleSeconds"), "60,20");
  EXPECT_EQ(at("ReportEndTime"), "2026-01-01T10:01:50Z");
  watched("9");
  run_for(Seconds{10});
  set("ForceSample", "true");
  run_for(Seconds{0});
  EXPECT_EQ(at("SampleSeconds"), "60,30");
  run_for(Seconds{30});
  EXPECT_EQ(at("Parameter.1.Values"), "7,9");
  EXPECT_EQ(at("SampleSeconds"), "60,60");
}

TEST_F(WithSampleSet, WhenFetchSamplesHaveEnded_ThenStatusIsTriggerForAMoment) {
  std::vector<std::string> seen;
  model_.observe([&](std::span<const datamodel::Change> changes) {
    for (const auto& change : changes) {
      if (change.path == std::string(kSet) + "Status") seen.push_back(change.value);
    }
  });
  set("FetchSamples", "2", "Enable", "true");
  run_for(Seconds{61});
  EXPECT_EQ(seen, (std::vector<std::string>{"Enabled"}));
  run_for(Seconds{60});
  EXPECT_EQ(seen, (std::vector<std::string>{"Enabled", "Trigger", "Enabled"}));
}

TEST_F(WithSampleSet, WhenFetchedByTheReference_ThenAtItsMultiplesOfTheFetchInterval) {
  std::vector<std::string> at_times;
  model_.observe([&](std::span<const datamodel::Change> changes) {
    for (const auto& change : changes) {
      if (change.value == "Trigger") at_times.push_back(at("ReportEndTime"));
    }
  });
  set("TimeReference", "2026-01-01T10:01:00Z", "FetchSamples", "3", "Enable", "true");
  run_for(Seconds{300});
  EXPECT_EQ(at_times, (std::vector<std::string>{"2026-01-01T10:01:00Z", "2026-01-01T10:04:00Z"}));
}

TEST_F(WithSampleSet, WhenTheIntervalChanges_ThenWhatWasStoredGoes) {
  set("Enable", "true");
  run_for(Seconds{61});
  ASSERT_EQ(at("SampleSeconds"), "60");
  set("SampleInterval", "10");
  run_for(Seconds{1});
  EXPECT_EQ(at("SampleSeconds"), "");
  run_for(Seconds{10});
  EXPECT_EQ(at("SampleSeconds"), "10");
}

TEST_F(WithSampleSet, WhenListsWouldBecomeLong_ThenTheyStayWithinTheirBytes) {
  set("Parameter.1.Reference", "Device.ManagementServer.URL", "ReportSamples", "100000", "SampleInterval", "1",
      "Enable", "true");
  ASSERT_TRUE(model_.update("Device.ManagementServer.URL", "http://acs.example/" + std::string(230, 'x')));
  run_for(Seconds{400});
  EXPECT_LE(at("Parameter.1.Values").size(), SampleSet::kMaxListBytes);
  EXPECT_GT(at("Parameter.1.Values").size(), SampleSet::kMaxListBytes / 2);
  EXPECT_EQ(at("SampleSeconds").size(), SampleSet::kMaxReportSamples * 2 - 1);
}

TEST_F(WithSampleSet, WhenThePowerComesBack_ThenCollectionBeginsAnew) {
  set("Enable", "true");
  run_for(Seconds{61});
  statistics_.power_up();
  run_for(Seconds{1});
  EXPECT_EQ(at("SampleSeconds"), "");
  EXPECT_EQ(at("Parameter.1.Values"), "");
}

TEST_F(WithSampleSet, WhenThereAreTooManySets_ThenTheLastStayDisabled) {
  for (std::size_t i = 1; i <= PeriodicStatistics::kMaxSampleSets; ++i) {
    const auto number = model_.add_object("Device.PeriodicStatistics.SampleSet.");
    ASSERT_TRUE(number);
    EXPECT_TRUE(model_.update(fmt::format("Device.PeriodicStatistics.SampleSet.{}.Enable", *number), "true"));
  }
  run_for(Seconds{1});
  EXPECT_EQ(model_.value("Device.PeriodicStatistics.SampleSet.8.Status"), "Enabled");
  EXPECT_EQ(model_.value("Device.PeriodicStatistics.SampleSet.9.Status"), "Disabled");
}

}  // namespace
}  // namespace hnbemu::statistics
