#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alarms/event_table.h"

namespace hnbemu::alarms {

// What became of a device's alarms since it was made.
struct AlarmCounts {
  std::uint64_t raised = 0;
  std::uint64_t changed = 0;
  std::uint64_t cleared = 0;
  std::uint64_t disabled = 0;    // of these, events that ReportingMechanism keeps from all tables
  std::uint64_t overridden = 0;  // alarms that CurrentAlarm.{i}. had no room for any more
  std::uint64_t replaced = 0;    // events that made room for others in their tables
  std::uint64_t lost = 0;        // of these, those that the HMS had not heard of
  std::uint64_t refused = 0;     // alarms that were not raised: kMaxRaised
};

// Where an event went.
struct Report {
  std::string table;  // "….FaultMgmt."
  config::Mechanism mechanism = config::Mechanism::disabled;
  std::string row{};  // of ExpeditedEvent or QueuedEvent that tells of it; ""
};

// Fault management of one device (TR-196 FaultMgmt, TS 32.583 5.5, TS 32.593 5.3): the alarms that it has now, and what
// each FaultMgmt object of it tells of them, by the ReportingMechanism that SupportedAlarm.{i}. has at that moment.
class FaultManagement {
 public:
  static constexpr std::size_t kMaxRaised = 1'000;  // more at once are not raised

  // `catalogue` outlives it.
  FaultManagement(datamodel::DataModel& model, const std::vector<config::AlarmDefinition>& catalogue);
  void set_audience(Audience audience) { audience_ = std::move(audience); }

  // False if nothing changed: it is raised like this already, there is no such alarm, or there are too many. Raised
  // again with another text or severity it is a changed alarm.
  bool raise(const AlarmKey& key, WallTime now, std::string_view text = {},
             std::optional<config::Severity> severity = {});
  bool clear(const AlarmKey& key, WallTime now);  // false if it was not raised
  // The power goes: what was active is not told to be cleared (TR-196 HistoryEvent).
  void forget();

  const config::AlarmDefinition* definition(std::string_view identifier) const;
  // The catalogue's first alarm for one of config::kAlarmCauses; nullptr: this device does not watch for that.
  const config::AlarmDefinition* for_cause(std::string_view cause) const;
  const std::vector<config::AlarmDefinition>& catalogue() const { return catalogue_; }
  const std::map<AlarmKey, Alarm>& raised() const { return raised_; }
  const AlarmCounts& counts() const { return counts_; }
  // After each event, with what it was and where it went.
  using Observer = std::function<void(const Alarm&, const AlarmEvent&, const std::vector<Report>&)>;
  void observe(Observer observer) { observers_.push_back(std::move(observer)); }
  // By which an alarm is reported now; the first of its FaultMgmt objects counts.
  config::Mechanism mechanism(const config::AlarmDefinition& definition) const;

  // Where the rolling tables are, as a text; what is in them is the data model's to remember.
  std::string position() const;
  void restore(std::string_view position);
  // The tables whose rows must survive without power: paths that end in ".".
  std::vector<std::string> lasting_tables() const;

 private:
  struct Place {  // one FaultMgmt object
    std::string path;
    EventTable history;
    EventTable expedited;
    EventTable queued;
  };
  void report(Alarm& alarm, const AlarmEvent& event);
  void show_current(const Place& place, const Alarm& alarm, const AlarmEvent& event);
  bool concerns(const Place& place, const Alarm& alarm) const;
  config::Mechanism mechanism(const Place& place, const config::AlarmDefinition& definition) const;
  std::string put(EventTable& table, const Alarm& alarm, const AlarmEvent& event, const std::string& object);
  std::string row_of(const Place& place, const std::string& identifier) const;
  std::string new_row(const Place& place);
  std::string distinguished_name(const std::string& managed_object) const;
  std::string identifier_for(const AlarmKey& key) const;

  datamodel::DataModel& model_;
  const std::vector<config::AlarmDefinition>& catalogue_;
  std::vector<Place> places_;
  std::map<AlarmKey, Alarm> raised_;
  AlarmCounts counts_;
  Audience audience_{[](const std::string&) {}, [](const std::string&) { return false; }};
  std::vector<Observer> observers_;
};

}  // namespace hnbemu::alarms
