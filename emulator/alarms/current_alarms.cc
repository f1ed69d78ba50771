#include "alarms/current_alarms.h"

#include <array>

namespace hnbemu::alarms {
namespace {

constexpr std::string_view kRoots[] = {"Device.", "InternetGatewayDevice."};
constexpr std::string_view kTable = "FaultMgmt.CurrentAlarm.";
constexpr std::string_view kServices = "Services.FAPService.";

// Sizes of TR-196 and TR-181.
constexpr std::size_t kMaxType = 64;
constexpr std::size_t kMaxProblem = 128;
constexpr std::size_t kMaxText = 256;

// "Device.Services.FAPService.1." of a path in it, or nothing.
std::string service_of(std::string_view path) {
  const auto at = path.find(kServices);
  if (at == std::string_view::npos) return {};
  const auto end = path.find('.', at + kServices.size());
  return std::string(path.substr(0, end)) + ".";
}

// At most so many bytes, and no half of a UTF-8 character.
std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0u) == 0x80u) --size;
  return text.substr(0, size);
}

}  // namespace

std::string_view to_string(Severity severity) {
  constexpr std::array<std::string_view, 4> kNames{"Critical", "Major", "Minor", "Warning"};
  return kNames.at(static_cast<std::size_t>(severity));
}

std::vector<std::string> CurrentAlarms::tables(std::string_view managed_object) const {
  std::vector<std::string> owners(std::begin(kRoots), std::end(kRoots));
  if (auto service = service_of(managed_object); !service.empty()) owners.push_back(std::move(service));
  std::vector<std::string> found;
  for (const auto& owner : owners) {
    if (auto table = owner + std::string(kTable); model_.table_state(table)) found.push_back(std::move(table));
  }
  return found;
}

bool CurrentAlarms::raise(const AlarmKey& key, const Alarm& alarm, WallTime now) {
  const auto time = to_date_time(std::chrono::floor<Seconds>(now));
  auto found = raised_.find(key);
  if (found == raised_.end()) {
    if (raised_.size() == kMaxAlarms) return false;
    found = raised_.emplace(key, Raised{alarm, {}}).first;
    for (const auto& table : tables(key.managed_object)) {
      const auto number = model_.add_object(table, datamodel::Origin::device);
      if (!number) continue;
      found->second.rows.push_back(fmt::format("{}{}.", table, *number));
      model_.update(found->second.rows.back() + "AlarmRaisedTime", time);
    }
  } else if (found->second.alarm == alarm) {
    return false;
  }
  found->second.alarm = alarm;
  for (const auto& row : found->second.rows) {
    model_.update(row + "AlarmChangedTime", time);
    fill(row, key, alarm);
  }
  return true;
}

void CurrentAlarms::fill(const std::string& row, const AlarmKey& key, const Alarm& alarm) {
  model_.update(row + "AlarmIdentifier", key.identifier);
  model_.update(row + "ManagedObjectInstance", distinguished_name(key.managed_object));
  model_.update(row + "EventType", cut(alarm.event_type, kMaxType));
  model_.update(row + "ProbableCause", cut(alarm.probable_cause, kMaxType));
  model_.update(row + "SpecificProblem", cut(alarm.specific_problem, kMaxProblem));
  model_.update(row + "PerceivedSeverity", to_string(alarm.severity));
  model_.update(row + "AdditionalText", cut(alarm.text, kMaxText));
}

// The DNPrefix of the FAPService, and the local name.
std::string CurrentAlarms::distinguished_name(const std::string& managed_object) const {
  const auto prefix = model_.value(service_of(managed_object) + "DNPrefix").value_or("");
  return prefix.empty() ? managed_object : prefix + "," + managed_object;
}

bool CurrentAlarms::clear(const AlarmKey& key) {
  const auto found = raised_.find(key);
  if (found == raised_.end()) return false;
  for (const auto& row : found->second.rows) (void)model_.delete_object(row, datamodel::Origin::device);
  raised_.erase(found);
  return true;
}

void CurrentAlarms::clear_all() {
  while (!raised_.empty()) clear(AlarmKey(raised_.begin()->first));
}

}  // namespace hnbemu::alarms
