#include <gmock/gmock.h>

#include <map>

#include "simulated_network.h"

// A day of many devices with alarms: each event is told as its mechanism says, and in no other way.
namespace hnbemu {
namespace {

using config::Mechanism;
using std::chrono::hours;

constexpr int kDevices = 50;
constexpr Seconds kAtOnce{5};  // how late an expedited event may be

// One event of an alarm, as the device has it.
struct Event {
  std::string key;  // identifier, type and second: "11403 NewAlarm 2026-01-01T10:00:00Z"
  Mechanism how;
  WallTime at;
};

struct Told {
  std::string table;  // "ExpeditedEvent"
  std::size_t inform;
};

std::string key_of(std::string_view identifier, std::string_view type, std::string_view time) {
  return fmt::format("{} {} {}", identifier, type, time);
}

class Day {
 public:
  Day(const std::string& profile, std::uint64_t seed, config::AlarmGeneration how, std::uint32_t queued = 32)
      : network_(profile) {
    network_.profile.alarm_tables.queued = queued;
    network_.profile.alarm_generation = std::move(how);
    network_.seed = seed;
    network_.make_device();
    network_.device->alarms().observe([this](const auto& alarm, const auto& event, const auto& reports) {
      const auto time = to_date_time(std::chrono::floor<Seconds>(event.time));
      events_.push_back({key_of(alarm.identifier, to_string(event.type), time), reports.at(0).mechanism, event.time});
    });
    const auto service = network_.profile.path("admin_state");
    const bool older = network_.profile.technology == config::Technology::hnb;
    table_ = (older ? std::string(service.substr(0, service.find("FAPControl"))) : "Device.") + "FaultMgmt.";
  }

  void live() {
    network_.start();
    network_.run_for(Seconds{30});
    ask();
    network_.run_for(hours(24));
    network_.device->inform("6 CONNECTION REQUEST");  // what is queued goes with it
    network_.run_for(Seconds{5});
  }
  void check();

  bool all_queued = false;  // by the HMS; else some get each mechanism
  std::size_t events() const { return events_.size(); }
  std::uint64_t lost() { return network_.device->alarms().counts().lost; }

 private:
  // The HMS wants to hear of alarms, and changes the mechanisms of some.
  void ask() {
    cwmp::SetParameterAttributes notify;
    notify.parameters.push_back({table_ + "ExpeditedEvent.", true, 2, false, {}});
    notify.parameters.push_back({table_ + "QueuedEvent.", true, 1, false, {}});
    cwmp::SetParameterValues set;
    const std::size_t step = all_queued ? 1 : 3;
    for (std::size_t i = 0; i < network_.profile.alarms.size(); i += step) {
      const auto how = all_queued ? Mechanism::queued : static_cast<Mechanism>(i / 3 % 4);
      set.parameters.push_back({fmt::format("{}SupportedAlarm.{}.ReportingMechanism", table_, i + 1),
                                std::string(to_string(how)), "xsd:string"});
    }
    const auto server = std::string(network_.profile.root()) + "ManagementServer.";
    set.parameters.push_back({server + "PeriodicInformEnable", "1", "xsd:boolean"});
    set.parameters.push_back({server + "PeriodicInformInterval", "900", "xsd:unsignedInt"});
    network_.serving().requests = {std::move(notify), std::move(set)};
    network_.device->inform("6 CONNECTION REQUEST");
    network_.run_for(Seconds{1});
    network_.serving().requests.clear();
    // What came before is not told.
    events_.clear();
    before_ = network_.device->alarms().counts();
    first_inform_ = network_.serving().informs.size();
    for (const auto& [key, alarm] : network_.device->alarms().raised()) there_.insert(alarm.identifier);
  }
  std::multimap<std::string, Told> heard();
  void check_inform(const cwmp::Inform& inform, bool expedited, bool queued) const;
  std::size_t next_inform(WallTime after) const;
  void check_event(const Event& event, const std::multimap<std::string, Told>& heard);
  void check_history();
  void check_current();
  std::string at(const std::string& below) { return network_.device->model().value(table_ + below).value_or(""); }

  SimulatedNetwork network_;
  std::string table_;
  std::vector<Event> events_;
  alarms::AlarmCounts before_;
  std::set<std::string> there_;  // alarms at the beginning
  std::size_t first_inform_ = 0;
  std::vector<WallTime> heard_at_;  // when each Inform was made, in whole seconds
  std::uint64_t untold_ = 0;        // and no session was still to come
};

// What the Informs told of events.
std::multimap<std::string, Told> Day::heard() {
  std::multimap<std::string, Told> heard;
  const auto& informs = network_.serving().informs;
  for (std::size_t i = first_inform_; i < informs.size(); ++i) {
    std::map<std::string, std::map<std::string, std::string>> rows;
    for (const auto& parameter : informs[i].parameters) {
      if (!parameter.name.starts_with(table_)) continue;
      const auto dot = parameter.name.rfind('.');
      rows[parameter.name.substr(table_.size(), dot - table_.size())][parameter.name.substr(dot + 1)] = parameter.value;
    }
    bool expedited = false, queued = false;
    for (auto& [row, values] : rows) {
      const auto table = row.substr(0, row.find('.'));
      EXPECT_TRUE(table == "ExpeditedEvent" || table == "QueuedEvent") << row;
      (table == "QueuedEvent" ? queued : expedited) = true;
      EXPECT_EQ(values.size(), 10u) << "all of a row counts as changed";
      heard.emplace(key_of(values["AlarmIdentifier"], values["NotificationType"], values["EventTime"]), Told{table, i});
    }
    check_inform(informs[i], expedited, queued);
  }
  return heard;
}

void Day::check_inform(const cwmp::Inform& inform, bool expedited, bool queued) const {
  const auto codes = event_codes(inform);
  if (expedited || queued) {
    EXPECT_THAT(codes, testing::Contains("4 VALUE CHANGE"));
  }
  // A queued event is no reason for a session.
  if (queued && !expedited) {
    EXPECT_GT(codes.size(), 1u) << "a session for queued events alone";
  }
}

// The first Inform of a later second; there may be one of the same second before it.
std::size_t Day::next_inform(WallTime after) const {
  const auto found = std::ranges::upper_bound(heard_at_, after);
  return static_cast<std::size_t>(found - heard_at_.begin());
}

void Day::check_event(const Event& event, const std::multimap<std::string, Told>& heard) {
  const auto told = heard.count(event.key);
  if (event.how == Mechanism::logged || event.how == Mechanism::disabled) {
    EXPECT_EQ(told, 0u) << event.key << " is " << to_string(event.how);
    return;
  }
  if (told == 0) {
    const bool waits = event.how == Mechanism::queued && next_inform(event.at) == network_.serving().informs.size();
    if (!waits) ++untold_;
    return;
  }
  EXPECT_EQ(told, 1u) << event.key;
  const auto& [table, number] = heard.find(event.key)->second;
  EXPECT_EQ(table, event.how == Mechanism::expedited ? "ExpeditedEvent" : "QueuedEvent") << event.key;
  const auto heard_at = heard_at_[number];
  EXPECT_GE(heard_at, std::chrono::floor<Seconds>(event.at)) << event.key;
  EXPECT_LE(number, next_inform(event.at)) << event.key << " missed a session";
  if (event.how == Mechanism::expedited) {
    EXPECT_LE(heard_at - event.at, kAtOnce) << event.key;
  }
}

// The last events but the disabled ones, in their order.
void Day::check_history() {
  std::vector<std::string> all;
  for (const auto& event : events_) {
    if (event.how != Mechanism::disabled) all.push_back(event.key);
  }
  const auto rows = network_.profile.alarm_tables.history;
  std::vector<std::string> written;
  for (unsigned row = 1; row <= rows; ++row) {
    const auto path = fmt::format("HistoryEvent.{}.", row);
    if (at(path + "EventTime") != unknown_time)
      written.push_back(key_of(at(path + "AlarmIdentifier"), at(path + "NotificationType"), at(path + "EventTime")));
  }
  if (all.size() < rows) return;  // what came before is there too
  std::vector<std::string> last(all.end() - rows, all.end());
  std::ranges::sort(last);
  std::ranges::sort(written);
  EXPECT_EQ(written, last);
}

void Day::check_current() {
  std::map<std::string, bool> shown;  // identifier: whether CurrentAlarm has it
  for (const auto& identifier : there_) shown[identifier] = true;
  for (const auto& event : events_) {
    const auto identifier = event.key.substr(0, event.key.find(' '));
    if (event.key.find("ClearedAlarm") != std::string::npos) {
      shown.erase(identifier);
    } else {
      shown[identifier] = event.how != Mechanism::disabled;
    }
  }
  EXPECT_EQ(network_.device->alarms().raised().size(), shown.size());
  std::size_t rows = 0;
  for (const auto& [identifier, is_shown] : shown) rows += is_shown;
  EXPECT_EQ(at("CurrentAlarmNumberOfEntries"), std::to_string(rows));
}

void Day::check() {
  const auto& counts = network_.device->alarms().counts();
  EXPECT_EQ(counts.raised + counts.changed + counts.cleared - before_.raised - before_.changed - before_.cleared,
            events_.size());
  for (const auto& inform : network_.serving().informs) heard_at_.push_back(*parse_date_time(inform.current_time));
  const auto told = heard();
  std::map<std::string, std::size_t> copies;  // of events in one and the same second
  for (const auto& event : events_) ++copies[event.key];
  for (const auto& event : events_) {
    if (copies[event.key] == 1) check_event(event, told);
    if (copies[event.key] > 1 && event.how <= Mechanism::queued && told.count(event.key) < copies[event.key]) {
      ++untold_;
      --copies[event.key];
    }
  }
  for (const auto& [key, one] : told) EXPECT_TRUE(copies.contains(key)) << "nothing was raised for " << key;
  EXPECT_EQ(untold_, counts.lost);
  EXPECT_EQ(counts.refused, 0u);
  check_history();
  check_current();
}

TEST(AlarmSoak, WhenManyDevicesHaveADayOfAlarms_ThenTheBooksBalance) {
  std::size_t events = 0;
  for (int i = 0; i < kDevices; ++i) {
    SCOPED_TRACE(fmt::format("device {}", i));
    config::AlarmGeneration how;
    how.rate = 4;
    how.day_curve = {0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 0.5, 0.2};
    Day day(i % 2 == 0 ? "lte-henb" : "umts-hnb", static_cast<std::uint64_t>(i) + 1, how);
    day.live();
    day.check();
    EXPECT_EQ(day.lost(), 0u);
    events += day.events();
  }
  EXPECT_GT(events, 1'000u);
}

TEST(AlarmSoak, WhenThereAreStorms_ThenWhatTheTablesLostIsCounted) {
  config::AlarmGeneration how;
  how.rate = 0.1;
  how.storms = {12, 200, Seconds{20}};
  Day day("lte-henb", 3, how, 8);
  day.all_queued = true;
  day.live();
  day.check();
  EXPECT_GT(day.lost(), 0u);  // the next session is minutes away
}

}  // namespace
}  // namespace hnbemu
