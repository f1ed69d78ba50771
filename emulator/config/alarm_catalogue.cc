#include "config/alarm_catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/suggest.h"

namespace hnbemu::config {
namespace {

constexpr std::size_t kMaxIdentifier = 60;  // AlarmIdentifier has 64: a second object's gets a number
constexpr std::size_t kMaxCause = 64;
constexpr std::size_t kMaxProblem = 128;
constexpr std::int64_t kMaxSeconds = 7 * 86'400;
constexpr unsigned kMaxFlaps = 100;
constexpr double kMaxPerDay = 100'000;

constexpr std::array<std::string_view, 5> kSeverities{"Critical", "Major", "Minor", "Warning", "Indeterminate"};
constexpr std::array<std::string_view, 4> kMechanisms{"0 Expedited", "1 Queued", "2 Logged", "3 Disabled"};
const std::vector<std::string> kSeverityNames{"critical", "major", "minor", "warning", "indeterminate"};
const std::vector<std::string> kMechanismNames{"expedited", "queued", "logged", "disabled"};
const std::vector<std::string> kEventTypes{"Communications Alarm", "Environmental Alarm", "Equipment Alarm",
                                           "Processing Error Alarm", "Quality of Service Alarm"};

template <class T>
T chosen(yaml::Map& map, std::string_view key, const std::vector<std::string>& names, T fallback) {
  const auto name = map.choice(key, names, names.at(static_cast<std::size_t>(fallback)));
  return static_cast<T>(std::ranges::find(names, name) - names.begin());
}

void limit(yaml::Map& map, std::string_view key, const std::string& text, std::size_t most) {
  if (text.size() > most) map.problems().add(*map.get(key), fmt::format("'{}' has at most {} characters", key, most));
}

AlarmChance read_chance(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "'random'");
  AlarmChance chance;
  chance.per_day = map.number("per_day", {0, kMaxPerDay}, 0);
  chance.shortest = Seconds(map.integer("shortest_s", {1, kMaxSeconds}, chance.shortest.count()));
  chance.longest = Seconds(map.integer("longest_s", {1, kMaxSeconds}, chance.longest.count()));
  chance.flaps = static_cast<unsigned>(map.integer("flaps", {1, kMaxFlaps}, 1));
  if (chance.shortest > chance.longest) problems.add(node, "'shortest_s' is more than 'longest_s'");
  map.finish();
  return chance;
}

AlarmDefinition read_alarm(const yaml::Node& key, const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, fmt::format("alarm '{}'", key.text));
  AlarmDefinition alarm;
  alarm.identifier = key.text;
  alarm.place = yaml::Problems::place(key);
  if (key.text.empty() || key.text.size() > kMaxIdentifier)
    problems.add(key, fmt::format("an alarm's identifier has 1 to {} characters", kMaxIdentifier));
  map.require("type");
  alarm.event_type = map.choice("type", kEventTypes, kEventTypes.front());
  alarm.probable_cause = map.required_text("probable_cause");
  limit(map, "probable_cause", alarm.probable_cause, kMaxCause);
  alarm.specific_problem = map.required_text("problem");
  limit(map, "problem", alarm.specific_problem, kMaxProblem);
  alarm.severity = chosen(map, "severity", kSeverityNames, alarm.severity);
  alarm.mechanism = chosen(map, "report", kMechanismNames, alarm.mechanism);
  if (map.has("cause")) {
    alarm.cause = map.choice("cause", {std::begin(kAlarmCauses), std::end(kAlarmCauses)}, "");
  }
  if (const auto* const chance = map.get("random")) alarm.chance = read_chance(*chance, problems);
  alarm.brings = map.texts("brings");
  map.finish();
  return alarm;
}

}  // namespace

std::string_view to_string(Severity severity) {
  return kSeverities.at(static_cast<std::size_t>(severity));
}

std::string_view to_string(Mechanism mechanism) {
  return kMechanisms.at(static_cast<std::size_t>(mechanism));
}

std::vector<AlarmDefinition> read_alarms(const yaml::Node& node, yaml::Problems& problems) {
  std::vector<AlarmDefinition> alarms;
  const yaml::Map map(node, problems, "'alarms'");
  if (node.entries.size() > kMaxAlarmDefinitions) {
    problems.add(node,
                 fmt::format("there are {} alarms; at most {} can be", node.entries.size(), kMaxAlarmDefinitions));
    return alarms;
  }
  std::vector<std::string> names;
  for (const auto& [key, value] : node.entries) names.push_back(key->text);
  for (const auto& [key, value] : node.entries) {
    alarms.push_back(read_alarm(*key, *value, problems));
    const auto& alarm = alarms.back();
    for (const auto& brought : alarm.brings) {
      if (std::ranges::find(names, brought) == names.end())
        problems.add(*value, fmt::format("there is no alarm '{}'{}", brought, suggestion(brought, names)));
    }
    const auto twin = std::ranges::find_if(alarms, [&](const auto& other) {
      return &other != &alarm && other.event_type == alarm.event_type && other.probable_cause == alarm.probable_cause &&
             other.specific_problem == alarm.specific_problem;
    });
    if (twin != alarms.end())
      problems.add(*key, fmt::format("alarm '{}' has the type, cause and problem of '{}': they tell alarms apart",
                                     alarm.identifier, twin->identifier));
  }
  return alarms;
}

AlarmTables read_alarm_tables(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "'alarm_tables'");
  AlarmTables tables;
  const auto size = [&](std::string_view key, std::uint32_t fallback) {
    return static_cast<std::uint32_t>(map.integer(key, {1, kMaxAlarmRows}, fallback));
  };
  tables.current = size("current", tables.current);
  tables.history = size("history", tables.history);
  tables.expedited = size("expedited", tables.expedited);
  tables.queued = size("queued", tables.queued);
  map.finish();
  return tables;
}

}  // namespace hnbemu::config
