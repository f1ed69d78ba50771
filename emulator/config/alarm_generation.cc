#include "config/alarm_generation.h"

#include <fmt/format.h>

#include "base/number.h"

namespace hnbemu::config {
namespace {

constexpr double kMaxRate = 10'000;
constexpr double kMaxFactor = 100;
constexpr double kMaxStormsPerDay = 10'000;
constexpr std::int64_t kMaxStormAlarms = 1'000;
constexpr std::int64_t kMaxStormSeconds = 86'400;
constexpr std::size_t kHours = 24;

std::vector<double> read_day_curve(const yaml::Node& node, yaml::Problems& problems) {
  std::vector<double> curve;
  for (const auto& item : yaml::items(&node, problems, "day_curve")) {
    const auto factor = item->kind == yaml::Node::Kind::scalar ? parse_number<double>(item->text) : std::nullopt;
    if (!factor || !(*factor >= 0 && *factor <= kMaxFactor)) {
      problems.add(*item, fmt::format("a factor of 'day_curve' is a number from 0 to {}", kMaxFactor));
      return {};
    }
    curve.push_back(*factor);
  }
  if (curve.size() == kHours) return curve;
  problems.add(node, fmt::format("'day_curve' has {} factors; a day has {} hours", curve.size(), kHours));
  return {};
}

}  // namespace

AlarmGeneration read_alarm_generation(const yaml::Node& node, std::string_view what, yaml::Problems& problems) {
  yaml::Map map(node, problems, fmt::format("'{}'", what));
  AlarmGeneration generation;
  generation.rate = map.number("rate", {0, kMaxRate}, generation.rate);
  if (const auto* const curve = map.get("day_curve")) generation.day_curve = read_day_curve(*curve, problems);
  if (const auto* const node_of_storms = map.get("storms")) {
    yaml::Map storms(*node_of_storms, problems, "'storms'");
    auto& read = generation.storms;
    read.per_day = storms.number("per_day", {0, kMaxStormsPerDay}, read.per_day);
    read.alarms = static_cast<unsigned>(storms.integer("alarms", {1, kMaxStormAlarms}, read.alarms));
    read.within = Seconds(storms.integer("within_s", {1, kMaxStormSeconds}, read.within.count()));
    storms.finish();
  }
  map.finish();
  return generation;
}

}  // namespace hnbemu::config
