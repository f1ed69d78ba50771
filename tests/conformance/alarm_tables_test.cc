#include "conformance/alarms.h"

namespace hnbemu::conformance {
namespace {

using alarms::Order;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

HNBEMU_RULE("Alarms", "TR-196 FaultMgmt", NumbersOfEntriesAreTheDevices,
            "NumberOfEntries of the tables are read-only, fault 9008, and say what is there") {
  power_on();
  for (const auto* const table : {"SupportedAlarm", "CurrentAlarm", "HistoryEvent", "ExpeditedEvent", "QueuedEvent"}) {
    const auto path = kFaults + table + "NumberOfEntries";
    const auto refused = fault(cwmp::SetParameterValues{{{path, "1", "xsd:unsignedInt"}}, ""});
    ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1)) << table;
    EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9008) << table;
  }
  EXPECT_EQ(value(kFaults + "SupportedAlarmNumberOfEntries"), "4");
  EXPECT_EQ(value(kFaults + "HistoryEventNumberOfEntries"), "8");
}

HNBEMU_RULE("Alarms", "TR-196 FaultMgmt", RowsAreTheDevices,
            "The ACS adds no row to an alarm table and deletes none: fault 9005") {
  power_on();
  order(*this, Order::Kind::raise, "3");
  for (const auto* const table : {"SupportedAlarm.", "CurrentAlarm.", "HistoryEvent."}) {
    EXPECT_EQ(fault_code(cwmp::AddObject{kFaults + table, ""}), 9005) << table;
    EXPECT_EQ(fault_code(cwmp::DeleteObject{kFaults + table + "1.", ""}), 9005) << table;
  }
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "1");
}

HNBEMU_RULE("Alarms", "TS 32.583 5.5.2", NobodyIsToldWhoDidNotAsk,
            "Without notification on the event tables an expedited alarm is no reason for a session") {
  power_on();
  acs->forget();
  order(*this, Order::Kind::raise, "1");
  EXPECT_THAT(acs->informs(), IsEmpty());
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
}

HNBEMU_RULE("Alarms", "TR-196 ReportingMechanism", TheMechanismOutlivesTheReboot,
            "A mechanism that the ACS set is there after a loss of power") {
  power_on();
  EXPECT_TRUE(set(kFaults + "SupportedAlarm.1.ReportingMechanism", "3 Disabled"));
  lose_power();
  power_on();
  EXPECT_EQ(value(kFaults + "SupportedAlarm.1.ReportingMechanism"), "3 Disabled");
  order(*this, Order::Kind::raise, "1");
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "0");
}

HNBEMU_RULE("Alarms", "TR-196 ReportingMechanism", WhatIsDisabledMeanwhileStillEnds,
            "An alarm that is disabled while it is raised leaves CurrentAlarm when it is cleared, without an event") {
  power_on();
  order(*this, Order::Kind::raise, "3");
  EXPECT_TRUE(set(kFaults + "SupportedAlarm.3.ReportingMechanism", "3 Disabled"));
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "1");
  order(*this, Order::Kind::clear, "3");
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "0");
  EXPECT_EQ(value(kFaults + "HistoryEvent.1.NotificationType"), "NewAlarm");
  EXPECT_EQ(value(kFaults + "HistoryEvent.2.EventTime"), unknown_time);
}

HNBEMU_RULE("Alarms", "TR-196 CurrentAlarm", AChangeKeepsTheTimeOfTheRaise,
            "A changed alarm keeps AlarmRaisedTime, and AlarmChangedTime says when it changed") {
  power_on();
  order(*this, Order::Kind::raise, "3");
  const auto raised = value(kFaults + "CurrentAlarm.1.AlarmRaisedTime");
  EXPECT_EQ(value(kFaults + "CurrentAlarm.1.AlarmChangedTime"), raised);
  run_for(std::chrono::minutes(1));
  order(*this, Order::Kind::change, "3", "slower");
  EXPECT_EQ(value(kFaults + "CurrentAlarm.1.AlarmRaisedTime"), raised);
  EXPECT_GT(value(kFaults + "CurrentAlarm.1.AlarmChangedTime"), raised);
  EXPECT_EQ(value(kFaults + "CurrentAlarm.1.AdditionalText"), "slower");
}

HNBEMU_RULE("Alarms", "TR-196 DNPrefix", TheObjectIsADistinguishedName,
            "ManagedObjectInstance of an alarm of the FAPService begins with its DNPrefix") {
  power_on();
  EXPECT_TRUE(set("Device.Services.FAPService.1.DNPrefix", "DC=operator.example"));
  order(*this, Order::Kind::raise, "3");
  EXPECT_THAT(value(kFaults + "CurrentAlarm.1.ManagedObjectInstance"), testing::StartsWith("DC=operator.example,"));
}

}  // namespace
}  // namespace hnbemu::conformance
