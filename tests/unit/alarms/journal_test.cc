#include "alarms/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::alarms {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class WithJournal : public testing::Test {
 protected:
  WithJournal() { definition_.specific_problem = "Fan stopped"; }
  Alarm alarm(std::string identifier) {
    Alarm one;
    one.identifier = std::move(identifier);
    one.definition = &definition_;
    return one;
  }
  void note(const std::string& identifier, NotificationType type, int seconds, std::string row = {}) {
    journal_.note(alarm(identifier), {type, after(seconds)}, {{"F.", config::Mechanism::expedited, std::move(row)}});
  }
  static WallTime after(int seconds) { return *parse_date_time("2026-01-01T10:00:00Z") + Seconds{seconds}; }

  config::AlarmDefinition definition_;
  Journal journal_;
};

TEST_F(WithJournal, WhenTheHmsHearsOfRaiseAndClear_ThenTheRecordHasAllTimes) {
  std::vector<bool> told;
  journal_.observe([&](const Record&, bool cleared) { told.push_back(cleared); });
  note("1", NotificationType::new_alarm, 1, "F.ExpeditedEvent.1.");
  EXPECT_FALSE(journal_.records()[0].reported);
  journal_.told("F.ExpeditedEvent.1.AlarmIdentifier", after(2));
  EXPECT_FALSE(journal_.records()[0].reported);
  journal_.told("F.ExpeditedEvent.1.EventTime", after(2));
  note("1", NotificationType::cleared_alarm, 3, "F.ExpeditedEvent.2.");
  journal_.told("F.ExpeditedEvent.2.EventTime", after(4));
  const auto& record = journal_.records()[0];
  EXPECT_EQ(record.raised, after(1));
  EXPECT_EQ(record.reported, after(2));
  EXPECT_EQ(record.cleared, after(3));
  EXPECT_EQ(record.clear_reported, after(4));
  EXPECT_THAT(told, ElementsAre(false, true));
}

TEST_F(WithJournal, WhenAnotherEventTookTheRow_ThenTheFirstIsNotReported) {
  note("1", NotificationType::new_alarm, 1, "F.ExpeditedEvent.1.");
  note("2", NotificationType::new_alarm, 2, "F.ExpeditedEvent.1.");
  journal_.told("F.ExpeditedEvent.1.EventTime", after(3));
  EXPECT_FALSE(journal_.records()[0].reported);
  EXPECT_TRUE(journal_.records()[1].reported);
}

TEST_F(WithJournal, WhenThePowerGoes_ThenWhatWasThereStaysAsItWas) {
  note("1", NotificationType::new_alarm, 1, "F.ExpeditedEvent.1.");
  journal_.power_down();
  journal_.told("F.ExpeditedEvent.1.EventTime", after(2));
  note("1", NotificationType::new_alarm, 3);
  note("1", NotificationType::cleared_alarm, 4);
  ASSERT_THAT(journal_.records(), SizeIs(2));
  EXPECT_FALSE(journal_.records()[0].reported);
  EXPECT_FALSE(journal_.records()[0].cleared);
  EXPECT_EQ(journal_.records()[1].cleared, after(4));
}

TEST_F(WithJournal, WhenThereAreTooMany_ThenTheOldestGo) {
  for (int i = 0; i < 1000; ++i) note(std::to_string(i), NotificationType::new_alarm, i, "F.ExpeditedEvent.1.");
  EXPECT_THAT(journal_.records(), SizeIs(Journal::kMaxRecords));
  EXPECT_EQ(journal_.records().back().identifier, "999");
  note("0", NotificationType::cleared_alarm, 1000, "F.ExpeditedEvent.2.");
  journal_.told("F.ExpeditedEvent.2.EventTime", after(1001));
  EXPECT_FALSE(journal_.records().front().cleared);
}

}  // namespace
}  // namespace hnbemu::alarms
