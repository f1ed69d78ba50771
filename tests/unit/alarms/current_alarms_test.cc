#include "alarms/current_alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datamodel/model_builder.h"
#include "tr106/specs.h"

namespace hnbemu::alarms {
namespace {

constexpr const char* kService = "InternetGatewayDevice.Services.FAPService.";

// A FAPService, and the table of alarms of `owner` if there is one.
std::shared_ptr<const datamodel::Model> model_with(const std::string& root, const std::string& owner) {
  datamodel::ModelBuilder builder;
  const auto services = root + "Services.FAPService.";
  const auto add = [&](const std::string& path, std::string_view definition) {
    auto spec = tr106::parse_spec(path, definition);
    ASSERT_TRUE(spec) << path;
    EXPECT_TRUE(builder.add_parameter(std::move(*spec))) << path;
  };
  add(services + "{i}.DNPrefix", "string(:256) rw");
  if (!owner.empty()) {
    add(owner + "FaultMgmt.CurrentAlarmNumberOfEntries", "unsignedInt ro");
    const auto row = owner + "FaultMgmt.CurrentAlarm.{i}.";
    for (const auto* const name : {"AlarmIdentifier", "EventType", "ProbableCause"}) add(row + name, "string(:64) ro");
    for (const auto* const name : {"AlarmRaisedTime", "AlarmChangedTime"}) add(row + name, "dateTime ro");
    add(row + "ManagedObjectInstance", "string(:512) ro");
    add(row + "SpecificProblem", "string(:128) ro");
    add(row + "AdditionalText", "string(:256) ro");
    add(row + "PerceivedSeverity", "string{Critical|Major|Minor|Warning} ro");
  }
  EXPECT_TRUE(builder.add_row(services + "1."));
  EXPECT_TRUE(builder.add_row(services + "2."));
  return builder.build();
}

Alarm cell_unavailable() {
  return {Severity::critical, "Equipment Alarm", "Replaceable Unit Problem", "Cell unavailable", "why"};
}

class InFapService : public testing::Test {
 protected:
  std::string at(const std::string& below) { return model_.value(table_ + below).value_or("(none)"); }
  const std::string table_ = fmt::format("{}1.FaultMgmt.CurrentAlarm", kService);
  datamodel::DataModel model_{model_with("InternetGatewayDevice.", fmt::format("{}{{i}}.", kService))};
  CurrentAlarms alarms_{model_};
  const AlarmKey key_{"11184", fmt::format("{}1.FAPControl", kService)};
  const Alarm alarm_ = cell_unavailable();
  const WallTime now_ = *parse_date_time("2026-01-01T00:00:00Z");
};

TEST_F(InFapService, WhenRaised_ThenThereIsARowThatSaysSo) {
  model_.update(std::string(kService) + "1.DNPrefix", "DC=example");
  EXPECT_TRUE(alarms_.raise(key_, alarm_, now_));
  EXPECT_EQ(at("NumberOfEntries"), "1");
  EXPECT_EQ(at(".1.AlarmIdentifier"), "11184");
  EXPECT_EQ(at(".1.AlarmRaisedTime"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(at(".1.ManagedObjectInstance"), "DC=example," + key_.managed_object);
  EXPECT_EQ(at(".1.PerceivedSeverity"), "Critical");
  EXPECT_EQ(at(".1.AdditionalText"), "why");
}

TEST_F(InFapService, WhenAnotherServiceHasATable_ThenItDoesNotHearOfIt) {
  alarms_.raise(key_, alarm_, now_);
  EXPECT_EQ(model_.value(std::string(kService) + "2.FaultMgmt.CurrentAlarmNumberOfEntries"), "0");
}

TEST_F(InFapService, WhenRaisedAgainWithAnotherText_ThenItsRowChanges) {
  alarms_.raise(key_, alarm_, now_);
  auto changed = alarm_;
  changed.text = "another reason";
  EXPECT_TRUE(alarms_.raise(key_, changed, now_ + Seconds{5}));
  EXPECT_EQ(at("NumberOfEntries"), "1");
  EXPECT_EQ(at(".1.AlarmRaisedTime"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(at(".1.AlarmChangedTime"), "2026-01-01T00:00:05Z");
  EXPECT_FALSE(alarms_.raise(key_, changed, now_ + Seconds{6}));
}

TEST_F(InFapService, WhenCleared_ThenItsRowGoes) {
  alarms_.raise(key_, alarm_, now_);
  EXPECT_TRUE(alarms_.clear(key_));
  EXPECT_EQ(at("NumberOfEntries"), "0");
  EXPECT_FALSE(alarms_.clear(key_));
}

TEST_F(InFapService, WhenThereAreTooMany_ThenNoMoreAreRaised) {
  for (std::size_t i = 0; i < CurrentAlarms::kMaxAlarms; ++i) {
    EXPECT_TRUE(alarms_.raise({fmt::to_string(i), key_.managed_object}, alarm_, now_));
  }
  EXPECT_FALSE(alarms_.raise(key_, alarm_, now_));
  alarms_.clear_all();
  EXPECT_EQ(at("NumberOfEntries"), "0");
}

TEST_F(InFapService, WhenATextIsTooLong_ThenItIsCutBetweenCharacters) {
  auto longer = alarm_;
  longer.text = fmt::format("{:x>255}é", "");
  alarms_.raise(key_, longer, now_);
  EXPECT_EQ(at(".1.AdditionalText"), fmt::format("{:x>255}", ""));
}

TEST(CurrentAlarms, WhenTheDeviceHasTheTable_ThenItIsThere) {
  datamodel::DataModel model(model_with("Device.", "Device."));
  CurrentAlarms alarms(model);
  EXPECT_TRUE(alarms.has_table("Device.Services.FAPService.1.FAPControl.LTE"));
  alarms.raise({"1", "Device.Services.FAPService.1.FAPControl.LTE"}, {}, WallTime{});
  EXPECT_EQ(model.value("Device.FaultMgmt.CurrentAlarm.1.AlarmIdentifier"), "1");
}

TEST(CurrentAlarms, WhenTheModelHasNoTable_ThenAlarmsAreKeptAllTheSame) {
  datamodel::DataModel model(model_with("Device.", ""));
  CurrentAlarms alarms(model);
  EXPECT_FALSE(alarms.has_table("Device.X"));
  EXPECT_TRUE(alarms.raise({"1", "Device.X"}, {}, WallTime{}));
  EXPECT_TRUE(alarms.clear({"1", "Device.X"}));
}

}  // namespace
}  // namespace hnbemu::alarms
