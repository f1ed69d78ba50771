#include "alarms/fault_management.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "profile/profile_model.h"

// TR-196 FaultMgmt, TS 32.583 5.5, TS 32.593 5.3.
namespace hnbemu::alarms {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class AnyDevice : public testing::Test {
 protected:
  explicit AnyDevice(const char* profile = "lte-henb", std::string object = "Device.FaultMgmt.")
      : profile_(config::load_profile(profile, {HNBEMU_SOURCE_DIR "/profiles"}).value()),
        model_(*profile::make_model(profile_)),
        object_(std::move(object)) {
    alarms_.set_audience({[this](const std::string& path) { told_.insert(path); },
                          [this](const std::string& path) { return waiting_.contains(path); }});
  }
  std::string at(const std::string& below) { return model_.value(object_ + below).value_or("(none)"); }
  void report(const std::string& alarm, config::Mechanism how) {
    for (unsigned number = 1; number <= profile_.alarms.size(); ++number) {
      const auto row = fmt::format("{}SupportedAlarm.{}.", object_, number);
      if (profile_.alarms[number - 1].identifier == alarm) {
        const datamodel::Assignment assignment{row + "ReportingMechanism", std::string(to_string(how)), ""};
        ASSERT_TRUE(model_.set({&assignment, 1}));
      }
    }
  }
  // Of the rows of an event table that something is in: time, identifier and type.
  std::vector<std::string> events(const std::string& table) {
    std::vector<std::string> events;
    const auto state = model_.table_state(object_ + table + ".").value_or(datamodel::TableState{});
    for (const auto number : state.rows) {
      const auto row = fmt::format("{}.{}.", table, number);
      if (at(row + "EventTime") == unknown_time) continue;
      events.push_back(fmt::format("{} {} {}", at(row + "EventTime").substr(17, 2), at(row + "AlarmIdentifier"),
                                   at(row + "NotificationType")));
    }
    return events;
  }
  WallTime after(int seconds) const { return *parse_date_time("2026-01-01T10:00:00Z") + Seconds{seconds}; }
  std::vector<std::string> fresh(const std::string& table) {
    return {at(table + "NumberOfEntries"), at(table + ".1.EventTime"), at(table + ".1.AlarmIdentifier")};
  }

  config::Profile profile_;
  datamodel::DataModel model_;
  std::string object_;
  FaultManagement alarms_{model_, profile_.alarms};
  std::set<std::string> told_;
  std::set<std::string> waiting_;
  const AlarmKey key_{"11184", "Device.Services.FAPService.1."};
};

TEST_F(AnyDevice, WhenFresh_ThenTheCatalogueIsSupportedAndTheTablesHaveTheirFixedRows) {
  EXPECT_GE(profile_.alarms.size(), 30u);
  EXPECT_EQ(at("SupportedAlarmNumberOfEntries"), std::to_string(profile_.alarms.size()));
  EXPECT_EQ(at("SupportedAlarm.1.SpecificProblem"), "Cell unavailable");
  EXPECT_EQ(at("SupportedAlarm.1.PerceivedSeverity"), "Critical");
  EXPECT_EQ(at("SupportedAlarm.1.ReportingMechanism"), "0 Expedited");
  EXPECT_EQ(at("MaxCurrentAlarmEntries"), "64");
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "0");
  EXPECT_EQ(fresh("HistoryEvent"), (std::vector<std::string>{"64", std::string(unknown_time), ""}));
  EXPECT_EQ(fresh("ExpeditedEvent"), (std::vector<std::string>{"32", std::string(unknown_time), ""}));
  EXPECT_EQ(fresh("QueuedEvent"), (std::vector<std::string>{"32", std::string(unknown_time), ""}));
}

struct Routing {
  const char* name;
  config::Mechanism how;
  std::size_t current, history, expedited, queued;
};
class EachMechanism : public AnyDevice, public testing::WithParamInterface<Routing> {};

TEST_P(EachMechanism, WhenRaised_ThenItIsInItsTablesAndNoOther) {
  const auto& [name, how, current, history, expedited, queued] = GetParam();
  report("11184", how);
  EXPECT_TRUE(alarms_.raise(key_, after(1), "why"));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), std::to_string(current));
  EXPECT_THAT(events("HistoryEvent"), SizeIs(history));
  EXPECT_THAT(events("ExpeditedEvent"), SizeIs(expedited));
  EXPECT_THAT(events("QueuedEvent"), SizeIs(queued));
}
INSTANTIATE_TEST_SUITE_P(Tr196, EachMechanism,
                         testing::Values(Routing{"expedited", config::Mechanism::expedited, 1, 1, 1, 0},
                                         Routing{"queued", config::Mechanism::queued, 1, 1, 0, 1},
                                         Routing{"logged", config::Mechanism::logged, 1, 1, 0, 0},
                                         Routing{"disabled", config::Mechanism::disabled, 0, 0, 0, 0}),
                         [](const auto& routing) { return std::string(routing.param.name); });

TEST_F(AnyDevice, WhenRaisedChangedAndCleared_ThenItsIdentifierStaysAndItsRowGoes) {
  EXPECT_TRUE(alarms_.raise(key_, after(1), "one"));
  EXPECT_FALSE(alarms_.raise(key_, after(2), "one"));
  EXPECT_TRUE(alarms_.raise(key_, after(3), "two", config::Severity::minor));
  EXPECT_EQ(at("CurrentAlarm.1.AlarmRaisedTime"), "2026-01-01T10:00:01Z");
  EXPECT_EQ(at("CurrentAlarm.1.AlarmChangedTime"), "2026-01-01T10:00:03Z");
  EXPECT_EQ(at("CurrentAlarm.1.PerceivedSeverity"), "Minor");
  EXPECT_EQ(at("CurrentAlarm.1.AdditionalText"), "two");
  EXPECT_TRUE(alarms_.clear(key_, after(4)));
  EXPECT_FALSE(alarms_.clear(key_, after(5)));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "0");
  const std::vector<std::string> all{"01 11184 NewAlarm", "03 11184 ChangedAlarm", "04 11184 ClearedAlarm"};
  EXPECT_EQ(events("HistoryEvent"), all);
  EXPECT_EQ(events("ExpeditedEvent"), all);
  EXPECT_EQ(at("HistoryEvent.3.PerceivedSeverity"), "Cleared");
  EXPECT_EQ(alarms_.counts().raised + alarms_.counts().changed + alarms_.counts().cleared, 3u);
}

TEST_F(AnyDevice, WhenDnPrefixIsSet_ThenTheObjectIsADistinguishedName) {
  ASSERT_TRUE(model_.update("Device.Services.FAPService.1.DNPrefix", "DC=example"));
  alarms_.raise(key_, after(1));
  EXPECT_EQ(at("CurrentAlarm.1.ManagedObjectInstance"), "DC=example,Device.Services.FAPService.1.");
}

TEST_F(AnyDevice, WhenTwoObjectsHaveTheSameAlarm_ThenTheirIdentifiersDiffer) {
  alarms_.raise(key_, after(1));
  alarms_.raise({"11184", "Device."}, after(2));
  EXPECT_EQ(at("CurrentAlarm.1.AlarmIdentifier"), "11184");
  EXPECT_EQ(at("CurrentAlarm.2.AlarmIdentifier"), "11184-2");
  alarms_.clear(key_, after(3));
  EXPECT_EQ(at("CurrentAlarm.2.AlarmIdentifier"), "11184-2");
}

TEST_F(AnyDevice, WhenTheMechanismChangesMeanwhile_ThenTheNextEventGoesByIt) {
  alarms_.raise(key_, after(1));
  report("11184", config::Mechanism::queued);
  alarms_.raise(key_, after(2), "more");
  report("11184", config::Mechanism::disabled);
  alarms_.clear(key_, after(3));
  EXPECT_THAT(events("ExpeditedEvent"), SizeIs(1));
  EXPECT_THAT(events("QueuedEvent"), SizeIs(1));
  EXPECT_THAT(events("HistoryEvent"), SizeIs(2));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "0");
  EXPECT_EQ(alarms_.counts().disabled, 1u);
}

TEST_F(AnyDevice, WhenATableIsFull_ThenTheNextEventTakesTheFirstRow) {
  for (int i = 0; i < 33; ++i) alarms_.raise(key_, after(i), std::to_string(i));
  EXPECT_EQ(at("ExpeditedEventNumberOfEntries"), "32");
  EXPECT_EQ(at("ExpeditedEvent.1.AdditionalText"), "32");
  EXPECT_EQ(at("ExpeditedEvent.2.AdditionalText"), "1");
  EXPECT_EQ(at("HistoryEvent.33.AdditionalText"), "32");
}

TEST_F(AnyDevice, WhenARowIsTakenAgain_ThenAllOfItCountsAsChanged) {
  alarms_.raise(key_, after(0));
  told_.clear();
  for (int i = 1; i <= 32; ++i) {
    if (i == 32) told_.clear();
    alarms_.raise(key_, after(i), std::to_string(i));
  }
  for (const auto* const name :
       {"EventTime", "AlarmIdentifier", "NotificationType", "ManagedObjectInstance", "EventType", "ProbableCause",
        "SpecificProblem", "PerceivedSeverity", "AdditionalText", "AdditionalInformation"})
    EXPECT_TRUE(told_.contains(object_ + "ExpeditedEvent.1." + name)) << name;
}

TEST_F(AnyDevice, WhenNobodyHasHeardOfAnEventThatGoes_ThenItIsCounted) {
  for (int i = 0; i < 32; ++i) alarms_.raise(key_, after(i), std::to_string(i));
  EXPECT_EQ(alarms_.counts().lost, 0u);
  waiting_.insert(object_ + "ExpeditedEvent.1.EventTime");
  alarms_.raise(key_, after(33), "more");
  EXPECT_EQ(alarms_.counts().lost, 1u);
}

TEST_F(AnyDevice, WhenThereIsNoRoomForMoreAlarms_ThenTheLongestUnchangedOneGivesItsRow) {
  ASSERT_TRUE(model_.update(object_ + "MaxCurrentAlarmEntries", "2"));
  alarms_.raise({"11201", "Device."}, after(1));
  alarms_.raise({"11202", "Device."}, after(2));
  alarms_.raise({"11201", "Device."}, after(3), "again");
  alarms_.raise({"11203", "Device."}, after(4));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "2");
  EXPECT_EQ(at("CurrentAlarm.1.AlarmIdentifier"), "11201");
  EXPECT_EQ(at("CurrentAlarm.2.AlarmIdentifier"), "11203");
  EXPECT_EQ(alarms_.counts().overridden, 1u);
  EXPECT_TRUE(alarms_.clear({"11202", "Device."}, after(5)));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "2");
}

TEST_F(AnyDevice, WhenThePowerGoes_ThenAlarmsGoAndHistoryStays) {
  alarms_.raise(key_, after(1));
  alarms_.forget();
  EXPECT_THAT(alarms_.raised(), IsEmpty());
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "0");
  EXPECT_THAT(events("HistoryEvent"), SizeIs(1));
}

TEST_F(AnyDevice, WhenThePositionIsRestored_ThenTheTablesGoOnThere) {
  alarms_.raise(key_, after(1), "one");
  FaultManagement later(model_, profile_.alarms);
  later.restore(alarms_.position());
  later.raise(key_, after(2), "two");
  EXPECT_EQ(at("HistoryEvent.1.AdditionalText"), "one");
  EXPECT_EQ(at("HistoryEvent.2.AdditionalText"), "two");
}

TEST_F(AnyDevice, WhenThePositionIsNonsense_ThenTheTablesBeginAtTheFirstRow) {
  alarms_.restore("x 99999999999999999999 -3");
  alarms_.raise(key_, after(1), "one");
  EXPECT_EQ(at("HistoryEvent.1.AdditionalText"), "one");
}

TEST_F(AnyDevice, WhenTheAlarmIsUnknown_ThenNothingIsRaised) {
  EXPECT_FALSE(alarms_.raise({"99999", "Device."}, after(1)));
  EXPECT_EQ(alarms_.for_cause("gateway_lost")->identifier, "11109");
  EXPECT_EQ(alarms_.for_cause("nothing"), nullptr);
}

class InFapService : public AnyDevice {
 protected:
  InFapService() : AnyDevice("umts-hnb", "InternetGatewayDevice.Services.FAPService.1.FaultMgmt.") {}
};

TEST_F(InFapService, WhenRaised_ThenTheServicesOwnTablesHaveIt) {
  EXPECT_TRUE(alarms_.raise({"11184", "InternetGatewayDevice.Services.FAPService.1."}, after(1), "why"));
  EXPECT_EQ(at("CurrentAlarm.1.AdditionalText"), "why");
  EXPECT_THAT(events("ExpeditedEvent"), SizeIs(1));
}

TEST_F(InFapService, WhenItIsAboutAnotherService_ThenThisOneDoesNotHearOfIt) {
  alarms_.raise({"11184", "InternetGatewayDevice.Services.FAPService.2."}, after(1));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "0");
  alarms_.raise({"11403", "InternetGatewayDevice."}, after(1));
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), "1");
}

}  // namespace
}  // namespace hnbemu::alarms
