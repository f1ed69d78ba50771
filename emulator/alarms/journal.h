#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alarms/fault_management.h"

namespace hnbemu::alarms {

// One alarm from when it was raised to when it was cleared, and when the HMS heard of both.
struct Record {
  std::string identifier;  // AlarmIdentifier
  std::string specific_problem;
  config::Severity severity = config::Severity::major;      // the last
  config::Mechanism mechanism = config::Mechanism::logged;  // by which it was reported when it was raised
  WallTime raised{};
  std::optional<WallTime> reported{};  // an Inform that told of it was accepted; none: not yet, or it need not be
  std::optional<WallTime> cleared{};
  std::optional<WallTime> clear_reported{};
};

// The last alarms of a device, for its owner; the HMS has the tables. What the HMS has heard is known as long as the
// event's row is its own.
class Journal {
 public:
  static constexpr std::size_t kMaxRecords = 128;  // the oldest go first

  // To be called after each event, after an Inform that told of the parameter at `path` was accepted, and when the
  // power goes: what was there then will not be cleared.
  void note(const Alarm& alarm, const AlarmEvent& event, const std::vector<Report>& reports);
  void told(std::string_view path, WallTime now);
  void power_down();

  const std::deque<Record>& records() const { return records_; }
  // After told(), for each record that it was about; `cleared`: it was the clearing that the HMS has heard of.
  using Observer = std::function<void(const Record&, bool cleared)>;
  void observe(Observer observer) { observer_ = std::move(observer); }

 private:
  struct Event {
    std::uint64_t record;  // number of it, from the first ever
    bool cleared;
  };
  Record* at(std::uint64_t number);

  std::deque<Record> records_;
  std::uint64_t first_ = 0;                         // number of records_.front()
  std::map<std::string, std::uint64_t> open_;       // by AlarmIdentifier: what is not cleared
  std::map<std::string, Event, std::less<>> rows_;  // event rows, "….ExpeditedEvent.3.": what they tell of
  Observer observer_;
};

}  // namespace hnbemu::alarms
