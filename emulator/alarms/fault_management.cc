#include "alarms/fault_management.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "alarms/columns.h"

namespace hnbemu::alarms {
namespace {

using config::Mechanism;

constexpr std::string_view kServices = "Services.FAPService.";
constexpr std::string_view kRoots[] = {"Device.", "InternetGatewayDevice."};

// "Device.Services.FAPService.1." of a path in it, or nothing.
std::string service_of(std::string_view path) {
  const auto at = path.find(kServices);
  if (at == std::string_view::npos) return {};
  return std::string(path.substr(0, path.find('.', at + kServices.size()))) + ".";
}

// "….FaultMgmt." objects of the device.
std::vector<std::string> objects_of(const datamodel::DataModel& model) {
  std::vector<std::string> objects;
  const auto add = [&](const std::string& object) {
    if (model.table_state(object + "CurrentAlarm.")) objects.push_back(object);
  };
  for (const auto root : kRoots) {
    add(std::string(root) + "FaultMgmt.");
    const auto services = std::string(root).append(kServices);
    const auto state = model.table_state(services).value_or(datamodel::TableState{});
    for (const auto number : state.rows) add(fmt::format("{}{}.FaultMgmt.", services, number));
  }
  return objects;
}

}  // namespace

FaultManagement::FaultManagement(datamodel::DataModel& model, const std::vector<config::AlarmDefinition>& catalogue)
    : model_(model), catalogue_(catalogue) {
  for (auto& path : objects_of(model)) {
    places_.push_back({path, EventTable(model, path + "HistoryEvent."), EventTable(model, path + "ExpeditedEvent."),
                       EventTable(model, path + "QueuedEvent.")});
  }
}

const config::AlarmDefinition* FaultManagement::definition(std::string_view identifier) const {
  const auto found = std::ranges::find(catalogue_, identifier, &config::AlarmDefinition::identifier);
  return found == catalogue_.end() ? nullptr : &*found;
}

const config::AlarmDefinition* FaultManagement::for_cause(std::string_view cause) const {
  const auto found = std::ranges::find(catalogue_, cause, &config::AlarmDefinition::cause);
  return found == catalogue_.end() ? nullptr : &*found;
}

bool FaultManagement::raise(const AlarmKey& key, WallTime now, std::string_view text,
                            std::optional<config::Severity> severity) {
  const auto* const known = definition(key.identifier);
  if (known == nullptr) return false;
  const auto level = severity.value_or(known->severity);
  const auto found = raised_.find(key);
  if (found == raised_.end()) {
    if (raised_.size() == kMaxRaised) {
      ++counts_.refused;
      return false;
    }
    Alarm alarm{identifier_for(key), key.managed_object, known, level, std::string(text), now, now};
    ++counts_.raised;
    report(raised_.emplace(key, std::move(alarm)).first->second, {NotificationType::new_alarm, now});
    return true;
  }
  auto& alarm = found->second;
  if (alarm.text == text && alarm.severity == level) return false;
  alarm.text = text;
  alarm.severity = level;
  alarm.changed = now;
  ++counts_.changed;
  report(alarm, {NotificationType::changed_alarm, now});
  return true;
}

bool FaultManagement::clear(const AlarmKey& key, WallTime now) {
  auto found = raised_.extract(key);
  if (!found) return false;
  found.mapped().changed = now;
  ++counts_.cleared;
  report(found.mapped(), {NotificationType::cleared_alarm, now});
  return true;
}

void FaultManagement::forget() {
  raised_.clear();
  for (const auto& place : places_) {
    const auto table = place.path + "CurrentAlarm.";
    const auto state = model_.table_state(table).value_or(datamodel::TableState{});
    for (const auto number : state.rows) {
      static_cast<void>(model_.delete_object(fmt::format("{}{}.", table, number), datamodel::Origin::device));
    }
  }
}

// Expedited and queued events are history too; what is disabled is nowhere, not even current.
void FaultManagement::report(Alarm& alarm, const AlarmEvent& event) {
  std::vector<Report> reports;
  const auto object = distinguished_name(alarm.managed_object);
  for (auto& place : places_) {
    if (!concerns(place, alarm)) continue;
    const auto how = mechanism(place, *alarm.definition);
    reports.push_back({place.path, how});
    if (how == Mechanism::disabled) {
      ++counts_.disabled;
      // It may have been enabled when it was raised.
      if (event.type == NotificationType::cleared_alarm) show_current(place, alarm, event);
      continue;
    }
    show_current(place, alarm, event);
    put(place.history, alarm, event, object);
    if (how == Mechanism::expedited) reports.back().row = put(place.expedited, alarm, event, object);
    if (how == Mechanism::queued) reports.back().row = put(place.queued, alarm, event, object);
  }
  for (const auto& observer : observers_) observer(alarm, event, reports);
}

std::string FaultManagement::put(EventTable& table, const Alarm& alarm, const AlarmEvent& event,
                                 const std::string& object) {
  auto placed = table.put(alarm, event, object, audience_);
  if (placed.replaced) ++counts_.replaced;
  if (placed.lost) ++counts_.lost;
  return std::move(placed.row);
}

void FaultManagement::show_current(const Place& place, const Alarm& alarm, const AlarmEvent& event) {
  auto row = row_of(place, alarm.identifier);
  if (event.type == NotificationType::cleared_alarm) {
    if (!row.empty()) static_cast<void>(model_.delete_object(row, datamodel::Origin::device));
    return;
  }
  if (row.empty()) row = new_row(place);
  if (row.empty()) return;
  auto columns = common_columns(alarm, distinguished_name(alarm.managed_object));
  columns.emplace_back("PerceivedSeverity", to_string(alarm.severity));
  columns.emplace_back("AlarmRaisedTime", to_date_time(std::chrono::floor<Seconds>(alarm.raised)));
  columns.emplace_back("AlarmChangedTime", to_date_time(std::chrono::floor<Seconds>(alarm.changed)));
  for (const auto& [name, value] : columns) {
    const auto path = row + std::string(name);
    if (model_.update(path, value)) audience_.tell(path);
  }
}

// A full table gives the row that changed longest ago (TR-196 CurrentAlarm).
std::string FaultManagement::new_row(const Place& place) {
  const auto table = place.path + "CurrentAlarm.";
  const auto state = model_.table_state(table).value_or(datamodel::TableState{});
  const auto limit = model_.value(place.path + "MaxCurrentAlarmEntries").value_or("");
  const auto most = datamodel::Integer::parse(limit).value_or(datamodel::Integer{}).magnitude;
  if (most == 0 || state.rows.size() < most) {
    const auto number = model_.add_object(table, datamodel::Origin::device);
    return number ? fmt::format("{}{}.", table, *number) : "";
  }
  ++counts_.overridden;
  std::string oldest;
  std::string since;
  for (const auto number : state.rows) {
    auto row = fmt::format("{}{}.", table, number);
    auto changed = model_.value(row + "AlarmChangedTime").value_or("");
    if (!oldest.empty() && changed >= since) continue;
    oldest = std::move(row);
    since = std::move(changed);
  }
  return oldest;
}

std::string FaultManagement::row_of(const Place& place, const std::string& identifier) const {
  const auto table = place.path + "CurrentAlarm.";
  const auto state = model_.table_state(table).value_or(datamodel::TableState{});
  for (const auto number : state.rows) {
    auto row = fmt::format("{}{}.", table, number);
    if (model_.value(row + "AlarmIdentifier") == identifier) return row;
  }
  return {};
}

// A FAPService's own hears of what is in it; the device's of all.
bool FaultManagement::concerns(const Place& place, const Alarm& alarm) const {
  const auto service = service_of(place.path);
  const auto about = service_of(alarm.managed_object);
  return service.empty() || about.empty() || service == about;
}

config::Mechanism FaultManagement::mechanism(const config::AlarmDefinition& definition) const {
  return places_.empty() ? Mechanism::disabled : mechanism(places_.front(), definition);
}

config::Mechanism FaultManagement::mechanism(const Place& place, const config::AlarmDefinition& definition) const {
  const auto number = &definition - catalogue_.data() + 1;  // the rows are in the catalogue's order
  const auto text =
      model_.value(fmt::format("{}SupportedAlarm.{}.ReportingMechanism", place.path, number)).value_or("");
  for (const auto how : {Mechanism::expedited, Mechanism::queued, Mechanism::logged, Mechanism::disabled}) {
    if (text == to_string(how)) return how;
  }
  return definition.mechanism;  // the device has no such table
}

// The DNPrefix of the FAPService, and the local name.
std::string FaultManagement::distinguished_name(const std::string& managed_object) const {
  const auto prefix = model_.value(service_of(managed_object) + "DNPrefix").value_or("");
  return prefix.empty() ? managed_object : prefix + "," + managed_object;
}

// The vendor's number, and one more for each alarm that has it already.
std::string FaultManagement::identifier_for(const AlarmKey& key) const {
  std::set<std::string_view> taken;
  for (const auto& [other, alarm] : raised_) taken.insert(alarm.identifier);
  auto identifier = key.identifier;
  for (unsigned number = 2; taken.contains(identifier); ++number)
    identifier = fmt::format("{}-{}", key.identifier, number);
  return identifier;
}

std::string FaultManagement::position() const {
  std::vector<std::size_t> next;
  for (const auto& place : places_) {
    next.insert(next.end(), {place.history.next(), place.expedited.next(), place.queued.next()});
  }
  return fmt::format("{}", fmt::join(next, " "));
}

void FaultManagement::restore(std::string_view position) {
  const auto take = [&]() -> std::size_t {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(position.data(), position.data() + position.size(), number);
    position.remove_prefix(std::min(position.size(), static_cast<std::size_t>(end - position.data()) + 1));
    return error == std::errc{} ? number : 0;
  };
  for (auto& place : places_) {
    for (auto* const table : {&place.history, &place.expedited, &place.queued}) table->restore(take());
  }
}

std::vector<std::string> FaultManagement::lasting_tables() const {
  std::vector<std::string> tables;
  for (const auto& place : places_) {
    for (const auto* const name : {"HistoryEvent.", "ExpeditedEvent.", "QueuedEvent."}) {
      tables.push_back(place.path + name);
    }
  }
  return tables;
}

}  // namespace hnbemu::alarms
