#include "pm/plan.h"

#include <algorithm>

#include "config/suggest.h"
#include "config/yaml.h"

namespace hnbemu::pm {
namespace {

namespace yaml = config::yaml;

constexpr std::int64_t kMaxGranularity = 86'400;  // seconds
constexpr double kMaxRate = 100'000;              // of one subscriber an hour
constexpr std::size_t kMaxName = 128;

std::vector<std::size_t> read_events(yaml::Map& map, std::string_view key, const EventList& list) {
  std::vector<std::size_t> events;
  for (const auto& pattern : map.texts(key)) {
    const auto some = list.matching(pattern);
    if (some.empty()) {
      map.problems().add(*map.get(key),
                         fmt::format("there is no event '{}'{}", pattern, config::suggestion(pattern, list.names())));
    }
    events.insert(events.end(), some.begin(), some.end());
  }
  std::ranges::sort(events);
  if (std::ranges::adjacent_find(events) != events.end()) {
    map.problems().add(*map.get(key), fmt::format("'{}' has an event twice", key));
  }
  return events;
}

Measurement read_measurement(const yaml::Node& key, const yaml::Node& node, std::string_view group,
                             const EventList& list, yaml::Problems& problems) {
  yaml::Map map(node, problems, fmt::format("measurement '{}'", key.text));
  Measurement one;
  one.name = key.text;
  one.group = group;
  if (key.text.empty() || key.text.size() > kMaxName) {
    problems.add(key, fmt::format("a measurement's name has 1 to {} characters", kMaxName));
  }
  if (map.has("peak") == map.has("sum")) problems.add(node, "either 'sum' or 'peak' is wanted");
  one.sum = read_events(map, "sum", list);
  one.per = read_events(map, "per", list);
  one.times = map.number("times", {0, 1e12}, 1);
  if (map.has("peak")) {
    const auto& peaks = list.peaks();
    const auto name = map.choice("peak", peaks, peaks.front());
    one.peak = static_cast<std::size_t>(std::ranges::find(peaks, name) - peaks.begin());
  }
  map.finish();
  return one;
}

void read_stats(const yaml::Node& node, Catalogue& catalogue, yaml::Problems& problems) {
  const yaml::Map map(node, problems, "'stats'");
  std::vector<std::string> names;
  for (const auto& one : catalogue.measurements) names.push_back(one.name);
  for (const auto& [path, list] : node.entries) {
    Stat stat{path->text, {}};
    for (const auto& item : yaml::items(list.get(), problems, path->text)) {
      const auto name = yaml::read_text(*item, problems, path->text);
      const auto found = std::ranges::find(names, name);
      if (found == names.end()) {
        problems.add(*item, fmt::format("there is no measurement '{}'{}", name, config::suggestion(name, names)));
      } else {
        stat.measurements.push_back(static_cast<std::size_t>(found - names.begin()));
      }
    }
    catalogue.stats.push_back(std::move(stat));
  }
}

Catalogue read_catalogue(const yaml::Node& node, Rat rat, yaml::Problems& problems) {
  yaml::Map map(node, problems, fmt::format("'{}'", to_string(rat)));
  Catalogue catalogue;
  const auto* const groups = map.require("measurements");
  if (groups == nullptr) return catalogue;
  const yaml::Map checked(*groups, problems, "'measurements'");
  std::vector<std::string_view> names;
  for (const auto& [group, members] : groups->entries) {
    const yaml::Map checked_group(*members, problems, group->text);
    for (const auto& [name, one] : members->entries) {
      if (catalogue.measurements.size() == kMaxMeasurements) {
        problems.add(*name, fmt::format("more than {} measurements", kMaxMeasurements));
        return catalogue;
      }
      if (std::ranges::find(names, name->text) != names.end()) {
        problems.add(*name, fmt::format("there are two measurements '{}'", name->text));
      }
      names.push_back(name->text);
      catalogue.measurements.push_back(read_measurement(*name, *one, group->text, events_of(rat), problems));
    }
  }
  if (const auto* const stats = map.get("stats")) read_stats(*stats, catalogue, problems);
  map.finish();
  return catalogue;
}

void read_catalogues(const yaml::Node& node, Plan& plan, yaml::Problems& problems) {
  yaml::Map map(node, problems, "a measurement catalogue");
  if (const auto* const umts = map.get("umts")) plan.umts = read_catalogue(*umts, Rat::umts, problems);
  if (const auto* const lte = map.get("lte")) plan.lte = read_catalogue(*lte, Rat::lte, problems);
  map.finish();
}

Traffic read_traffic(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "'traffic'");
  Traffic traffic;
  traffic.subscribers = map.number("subscribers", {0, 10'000}, traffic.subscribers);
  traffic.calls_per_hour = map.number("calls_per_hour", {0, kMaxRate}, traffic.calls_per_hour);
  traffic.sessions_per_hour = map.number("sessions_per_hour", {0, kMaxRate}, traffic.sessions_per_hour);
  traffic.signalling_per_hour = map.number("signalling_per_hour", {0, kMaxRate}, traffic.signalling_per_hour);
  traffic.call_s = map.number("call_s", {1, 86'400}, traffic.call_s);
  traffic.session_s = map.number("session_s", {1, 86'400}, traffic.session_s);
  traffic.session_kbytes = map.number("session_kbytes", {0, 1e9}, traffic.session_kbytes);
  traffic.capacity = map.number("capacity", {1, 10'000}, traffic.capacity);
  traffic.peak_hour = map.number("peak_hour", {0, 24}, traffic.peak_hour);
  traffic.night = map.number("night", {0, 1}, traffic.night);
  traffic.failure = map.number("failure", {0, 1}, traffic.failure);
  map.finish();
  return traffic;
}

void read_performance(const yaml::Node& node, Plan& plan, yaml::Problems& problems) {
  yaml::Map map(node, problems, "'performance'");
  plan.format = map.choice("format", {"3gpp", "cmcc"}, "3gpp") == "cmcc" ? Format::cmcc : Format::ts_32_435;
  plan.gzip = map.flag("gzip", false);
  plan.post = map.choice("method", {"put", "post"}, "put") == "post";
  plan.granularity = Seconds(map.integer("granularity_s", {1, kMaxGranularity}, plan.granularity.count()));
  if (const auto* const traffic = map.get("traffic")) plan.traffic = read_traffic(*traffic, problems);
  map.finish();
}

}  // namespace

std::optional<double> Measurement::value(const Counts& counts) const {
  if (peak) return counts.peaks[*peak];
  const auto total = [&](const std::vector<std::size_t>& events) {
    double all = 0;
    for (const auto event : events) all += counts.sums[event];
    return all;
  };
  if (per.empty()) return total(sum) * times;
  const double below = total(per);
  if (below == 0) return std::nullopt;
  return total(sum) * times / below;
}

Result<std::shared_ptr<const Plan>> read_plan(const config::Profile& profile) {
  auto plan = std::make_shared<Plan>();
  yaml::Problems problems;
  if (profile.performance) read_performance(*profile.performance, *plan, problems);
  if (profile.measurements) read_catalogues(*profile.measurements, *plan, problems);
  if (auto result = problems.result(); !result) return tl::unexpected(result.error());
  return profile.measurements ? std::move(plan) : std::shared_ptr<const Plan>();
}

}  // namespace hnbemu::pm
