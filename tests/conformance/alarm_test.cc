#include "conformance/alarms.h"
#include "conformance/transfers.h"

namespace hnbemu::conformance {
namespace {

using alarms::Order;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

void raise(Device& of, const std::string& alarm) {
  order(of, Order::Kind::raise, alarm);
}
void clear(Device& of, const std::string& alarm) {
  order(of, Order::Kind::clear, alarm);
}

// As TS 32.583 5.5.2 has it.
void subscribe(Device& of) {
  of.power_on();
  of.notify(kFaults + "ExpeditedEvent.", 2);
  of.notify(kFaults + "QueuedEvent.", 1);
  of.acs->forget();
}

// "1 NewAlarm" of each event in the table.
std::vector<std::string> events_in(Device& of, const std::string& table) {
  std::vector<std::string> events;
  for (unsigned row = 1; of.value(fmt::format("{}{}.{}.EventTime", kFaults, table, row)) != "(none)"; ++row) {
    const auto path = fmt::format("{}{}.{}.", kFaults, table, row);
    if (of.value(path + "EventTime") == unknown_time) continue;
    events.push_back(of.value(path + "AlarmIdentifier") + " " + of.value(path + "NotificationType"));
  }
  return events;
}

HNBEMU_RULE("Alarms", "TS 32.583 5.5.2", AnExpeditedAlarmIsToldAtOnce,
            "0 Expedited: an Inform with 4 VALUE CHANGE at once, with the event; the same when it is cleared") {
  subscribe(*this);
  raise(*this, "1");
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.1.AlarmIdentifier"), "1");
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.1.NotificationType"), "NewAlarm");
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.1.ProbableCause"), "High Temperature");
  acs->forget();
  clear(*this, "1");
  EXPECT_THAT(acs->informs(), SizeIs(1));
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.2.AlarmIdentifier"), "1");
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.2.PerceivedSeverity"), "Cleared");
}

HNBEMU_RULE("Alarms", "TS 32.583 5.5.2", AQueuedAlarmWaitsForTheNextSession,
            "1 Queued: nothing begins for it, and the next session's Inform has the event") {
  subscribe(*this);
  raise(*this, "2");
  run_for(std::chrono::minutes(30));  // less than the periodic Inform's
  EXPECT_THAT(acs->informs(), IsEmpty());
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST", "4 VALUE CHANGE"));
  EXPECT_EQ(informed(kFaults + "QueuedEvent.1.AlarmIdentifier"), "2");
}

HNBEMU_RULE("Alarms", "TR-196 ReportingMechanism", ALoggedAlarmIsInHistoryAlone,
            "2 Logged: in CurrentAlarm and HistoryEvent, and in no Inform") {
  subscribe(*this);
  raise(*this, "3");
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
  EXPECT_THAT(events_in(*this, "HistoryEvent"), ElementsAre("3 NewAlarm"));
  EXPECT_THAT(events_in(*this, "ExpeditedEvent"), IsEmpty());
  EXPECT_THAT(events_in(*this, "QueuedEvent"), IsEmpty());
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "1");
}

HNBEMU_RULE("Alarms", "TR-196 ReportingMechanism", ADisabledAlarmIsNowhere,
            "3 Disabled: in no table and in no Inform") {
  subscribe(*this);
  raise(*this, "4");
  session();
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
  EXPECT_THAT(events_in(*this, "HistoryEvent"), IsEmpty());
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "0");
}

HNBEMU_RULE("Alarms", "TR-196 ReportingMechanism", TheAcsChangesTheMechanism,
            "The ACS sets the mechanism of an alarm by SetParameterValues; the next event goes by it") {
  subscribe(*this);
  raise(*this, "1");
  acs->forget();
  EXPECT_TRUE(set(kFaults + "SupportedAlarm.1.ReportingMechanism", "1 Queued"));
  acs->forget();
  clear(*this, "1");
  EXPECT_THAT(acs->informs(), IsEmpty());
  EXPECT_THAT(events_in(*this, "QueuedEvent"), ElementsAre("1 ClearedAlarm"));
}

HNBEMU_RULE("Alarms", "TR-196 ReportingMechanism", AMechanismThatIsNoneIsRefused,
            "A mechanism that does not exist is refused with 9003, 9007 for the parameter, and changes nothing") {
  power_on();
  const auto mechanism = kFaults + "SupportedAlarm.1.ReportingMechanism";
  for (const auto* const wrong : {"4 Shouted", "Queued", "1", "", "0 expedited"}) {
    const auto refused = fault(cwmp::SetParameterValues{
        {{kFaults + "SupportedAlarm.2.ReportingMechanism", "2 Logged", "xsd:string"}, {mechanism, wrong, "xsd:string"}},
        ""});
    EXPECT_EQ(refused.code, 9003) << wrong;
    ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1)) << wrong;
    EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9007);
    EXPECT_EQ(refused.set_parameter_values_faults[0].parameter, mechanism);
    EXPECT_EQ(value(mechanism), "0 Expedited");
    EXPECT_EQ(value(kFaults + "SupportedAlarm.2.ReportingMechanism"), "1 Queued");
  }
}

HNBEMU_RULE("Alarms", "TR-196 SupportedAlarm", NothingElseOfTheCatalogueCanBeSet,
            "What the device supports is read-only but for the mechanism: fault 9008") {
  power_on();
  const auto refused =
      fault(cwmp::SetParameterValues{{{kFaults + "SupportedAlarm.1.PerceivedSeverity", "Minor", "xsd:string"}}, ""});
  ASSERT_THAT(refused.set_parameter_values_faults, SizeIs(1));
  EXPECT_EQ(refused.set_parameter_values_faults[0].code, 9008);
}

HNBEMU_RULE("Alarms", "TR-196 CurrentAlarm", TheIdentifierStaysFromRaiseToClear,
            "New, changed and cleared event have one AlarmIdentifier, and the row goes with the last") {
  power_on();
  raise(*this, "3");
  order(*this, Order::Kind::change, "3", "slower");
  clear(*this, "3");
  EXPECT_THAT(events_in(*this, "HistoryEvent"), ElementsAre("3 NewAlarm", "3 ChangedAlarm", "3 ClearedAlarm"));
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "0");
}

HNBEMU_RULE("Alarms", "TR-196 HistoryEvent", EventsOutliveTheReboot,
            "A reboot ends what was current, without an event, and event tables stay and go on where they were") {
  power_on();
  raise(*this, "3");
  session();
  lose_power();
  power_on();
  EXPECT_EQ(value(kFaults + "CurrentAlarmNumberOfEntries"), "0");
  EXPECT_THAT(events_in(*this, "HistoryEvent"), ElementsAre("3 NewAlarm"));
  raise(*this, "2");
  EXPECT_THAT(events_in(*this, "HistoryEvent"), ElementsAre("3 NewAlarm", "2 NewAlarm"));
}

HNBEMU_RULE("Alarms", "TR-196 ExpeditedEvent", AReplacedRowIsToldInWhole,
            "A full table takes its first row again; all of that row counts as changed, even what is equal") {
  subscribe(*this);
  for (int i = 0; i < 2; ++i) {
    raise(*this, "1");
    clear(*this, "1");
  }
  EXPECT_EQ(value(kFaults + "ExpeditedEventNumberOfEntries"), "4");
  acs->forget();
  raise(*this, "1");
  ASSERT_THAT(acs->informs(), SizeIs(1));
  for (const auto* const name : {"EventTime", "AlarmIdentifier", "NotificationType", "ManagedObjectInstance",
                                 "EventType", "ProbableCause", "SpecificProblem", "PerceivedSeverity"})
    EXPECT_NE(informed(kFaults + "ExpeditedEvent.1." + name), "(none)") << name;
  EXPECT_EQ(value(kFaults + "ExpeditedEventNumberOfEntries"), "4");
}

HNBEMU_RULE("Alarms", "TR-069 3.7.1.5", AStormIsToldInFewSessions,
            "Events that come while a session is held or cannot be held are told together in the next one") {
  subscribe(*this);
  acs->script = {Acs::fail(Cause::network)};
  for (const auto* const alarm : {"1", "2"}) EXPECT_EQ(device->order({Order::Kind::raise, alarm, ""}), std::nullopt);
  EXPECT_EQ(device->order({Order::Kind::clear, "1", ""}), std::nullopt);
  run_for(Seconds{12});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.1.NotificationType"), "NewAlarm");
  EXPECT_EQ(informed(kFaults + "ExpeditedEvent.2.NotificationType"), "ClearedAlarm");
  EXPECT_EQ(informed(kFaults + "QueuedEvent.1.AlarmIdentifier"), "2");
}

HNBEMU_TRANSFER_RULE("Alarms", "TS 32.583 5.5.2", TheAlarmLogIsUploaded,
                     "The vendor log file that the ACS has uploaded has the alarms, as they came and went") {
  power_on();
  raise(*this, "3");
  clear(*this, "3");
  raise(*this, "4");
  auto request = upload();
  request.file_type = "2 Vendor Log File";
  ask(request);
  EXPECT_THAT(files.sent[kFileUrl], HasSubstr("alarm raised: 3 Major, LAN Error, Ethernet link slow"));
  EXPECT_THAT(files.sent[kFileUrl], HasSubstr("alarm cleared: 3"));
  EXPECT_THAT(files.sent[kFileUrl], testing::Not(HasSubstr("Supply voltage low")));
}

}  // namespace
}  // namespace hnbemu::conformance
