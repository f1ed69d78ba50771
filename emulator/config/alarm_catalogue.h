#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/yaml.h"

namespace hnbemu::config {

inline constexpr std::size_t kMaxAlarmDefinitions = 256;  // of one profile
inline constexpr std::size_t kMaxAlarmRows = 256;         // of one of its tables

// ITU-T X.733 8.1.2.3, and TR-196 SupportedAlarm.{i}.ReportingMechanism.
enum class Severity : std::uint8_t { critical, major, minor, warning, indeterminate };
enum class Mechanism : std::uint8_t { expedited, queued, logged, disabled };
std::string_view to_string(Severity severity);    // "Critical"
std::string_view to_string(Mechanism mechanism);  // "0 Expedited"

// How often an alarm comes by itself, at random.
struct AlarmChance {
  double per_day = 0;    // of a Poisson process; 0: never
  Seconds shortest{30};  // that it lasts, when it does
  Seconds longest{600};
  unsigned flaps = 1;  // times that it comes and goes when it comes
  bool operator==(const AlarmChance&) const = default;
};

// One alarm that a device may raise. Event type and probable cause in the words of ITU-T X.733 and 3GPP TS 32.111-2.
struct AlarmDefinition {
  std::string identifier;  // the vendor's: what users and AlarmIdentifier call it, at most 60 characters
  std::string event_type;
  std::string probable_cause;
  std::string specific_problem;
  Severity severity = Severity::major;
  Mechanism mechanism = Mechanism::expedited;  // of a fresh device
  std::string cause;                           // what of the device's own raises it (kAlarmCauses); "": nothing
  AlarmChance chance{};
  std::vector<std::string> brings{};  // identifiers of those that come and go with it
  std::string place{};                // file:line:column
};

// What may be wrong with a device, that it knows of itself.
inline constexpr std::string_view kAlarmCauses[] = {
    "tunnel_down",      "peer_dead",   "certificate_expires", "dns_failure",  "hms_unreachable", "pm_upload_failed",
    "time_not_in_sync", "scan_failed", "cell_unavailable",    "gateway_lost", "memory_low",      "storage_full"};

// How many rows the tables of FaultMgmt have.
struct AlarmTables {
  std::uint32_t current = 64;  // MaxCurrentAlarmEntries
  std::uint32_t history = 64;
  std::uint32_t expedited = 32;
  std::uint32_t queued = 32;
};

// A map of identifiers; what is wrong is reported.
std::vector<AlarmDefinition> read_alarms(const yaml::Node& node, yaml::Problems& problems);
AlarmTables read_alarm_tables(const yaml::Node& node, yaml::Problems& problems);

}  // namespace hnbemu::config
