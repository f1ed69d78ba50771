#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/time.h"
#include "datamodel/data_model.h"

namespace hnbemu::alarms {

// What makes an alarm this one: its identifier is unique on the device and the same at each run.
struct AlarmKey {
  std::string identifier;      // AlarmIdentifier, at most 64 characters
  std::string managed_object;  // path of the object in the data model that the alarm is about
  bool operator<(const AlarmKey& other) const {
    return std::tie(identifier, managed_object) < std::tie(other.identifier, other.managed_object);
  }
};

enum class Severity : std::uint8_t { critical, major, minor, warning };  // ITU-T X.733
std::string_view to_string(Severity severity);

// TR-196, TR-181 FaultMgmt; event type and probable cause in the words of 3GPP TS 32.111-2.
struct Alarm {
  Severity severity = Severity::critical;
  std::string event_type;
  std::string probable_cause;
  std::string specific_problem;
  std::string text;
  bool operator==(const Alarm&) const = default;
};

// The alarms that a device has now, and the rows of CurrentAlarm.{i}. that say so: those of Device.FaultMgmt. and of
// the FAPService that the alarm is about, where the model has them.
class CurrentAlarms {
 public:
  static constexpr std::size_t kMaxAlarms = 100;

  explicit CurrentAlarms(datamodel::DataModel& model) : model_(model) {}

  // False if nothing changed: it is raised like this already, or there are as many as there may be.
  bool raise(const AlarmKey& key, const Alarm& alarm, WallTime now);
  bool clear(const AlarmKey& key);  // false if it was not raised
  void clear_all();

  // Whether the data model has a place for alarms about this object.
  bool has_table(std::string_view managed_object) const { return !tables(managed_object).empty(); }

 private:
  struct Raised {
    Alarm alarm;
    std::vector<std::string> rows;
  };
  std::vector<std::string> tables(std::string_view managed_object) const;
  std::string distinguished_name(const std::string& managed_object) const;
  void fill(const std::string& row, const AlarmKey& key, const Alarm& alarm);

  datamodel::DataModel& model_;
  std::map<AlarmKey, Raised> raised_;
};

}  // namespace hnbemu::alarms
