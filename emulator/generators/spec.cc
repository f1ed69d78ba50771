#include "generators/spec.h"

#include <array>

#include "config/profile.h"
#include "config/suggest.h"
#include "generators/fields.h"

namespace hnbemu::generators {
namespace {

namespace yaml = config::yaml;
using yaml::Map;
using yaml::NumberRange;

constexpr std::int64_t kLongest = std::int64_t{366} * 86'400;  // seconds
constexpr double kLargest = 1e15;                              // doubles tell whole numbers apart up to there
constexpr NumberRange kAny{-kLargest, kLargest};
constexpr std::size_t kMaxValues = 1'000;  // of a sequence or choice

double required_number(Map& map, std::string_view key, NumberRange range) {
  map.require(key);
  return map.number(key, range, 0);
}

void check_template(Map& map, std::string_view key, const std::string& text, const config::DeviceFields& fields) {
  if (const auto expanded = config::expand(text, fields); !expanded)
    map.problems().add(*map.get(key), expanded.error().detail);
}

Rule read_constant(Map& map) {
  map.require("value");
  return Constant{map.text("value")};
}

Rule read_template(Map& map) {
  Template rule{map.required_text("text")};
  if (!rule.text.empty()) check_template(map, "text", rule.text, known_fields());
  return rule;
}

Rule read_sequence(Map& map) {
  map.require("values");
  Sequence rule{map.texts("values"), map.flag("repeat", true)};
  if (rule.values.size() > kMaxValues || (rule.values.empty() && map.has("values")))
    map.problems().add(*map.get("values"), fmt::format("'values' has 1 to {} of them", kMaxValues));
  return rule;
}

Rule read_uptime(Map& map) {
  Uptime rule{map.text("format")};
  if (!rule.format.empty()) check_template(map, "format", rule.format, uptime_fields(Seconds{0}));
  return rule;
}

Rule read_clock(Map& map) {
  return ClockTime{Seconds(map.integer("unsynchronised_until_s", {0, kLongest}, 0))};
}

Rule read_counter(Map& map) {
  Counter rule;
  rule.rate_per_s = required_number(map, "rate_per_s", {0, kLargest});
  rule.jitter = map.number("jitter", {0, 1}, 0);
  rule.start = static_cast<std::uint64_t>(map.integer("start", {0, INT64_MAX}, 0));
  return rule;
}

Rule read_random_walk(Map& map) {
  RandomWalk rule;
  rule.min = required_number(map, "min", kAny);
  rule.max = required_number(map, "max", kAny);
  rule.start = required_number(map, "start", kAny);
  rule.step = required_number(map, "step", {0, kLargest});
  if (rule.min > rule.max || rule.start < rule.min || rule.start > rule.max)
    map.problems().add(map.node(), "of a random_walk, 'start' is between 'min' and 'max'");
  return rule;
}

Rule read_diurnal(Map& map) {
  Diurnal rule;
  rule.low = required_number(map, "low", kAny);
  rule.high = required_number(map, "high", kAny);
  rule.peak_hour = required_number(map, "peak_hour", {0, 24});
  rule.noise = map.number("noise", {0, 1}, 0);
  if (rule.low > rule.high) map.problems().add(map.node(), "of a diurnal, 'low' is not above 'high'");
  return rule;
}

Rule read_choice(Map& map) {
  Choice rule;
  const auto* const node = map.require("values");
  if (node == nullptr) return rule;
  Map values(*node, map.problems(), "'values' of a choice");
  double sum = 0;
  for (const auto& [value, weight] : node->entries) {
    rule.values.emplace_back(value->text, values.number(value->text, {0, kLargest}, 0));
    sum += rule.values.back().second;
  }
  if (node->kind == yaml::Node::Kind::map && (sum <= 0 || rule.values.size() > kMaxValues))
    map.problems().add(*node, fmt::format("a choice has 1 to {} values, with weights above 0", kMaxValues));
  return rule;
}

Rule read_real(Map& map) {
  const auto names = fact_names();
  const auto name = map.required_text("fact");
  const auto fact = fact_named(name);
  if (!fact && !name.empty()) map.choice("fact", names, "");
  return Real{fact.value_or(Fact::outer_address)};
}

struct Kind {
  std::string_view word;
  std::string_view main_key;  // {word: value} stands for {word: {main_key: value}}
  Rule (*read)(Map& map);
};
constexpr std::array kKinds{
    Kind{"constant", "value", read_constant},
    Kind{"sequence", "values", read_sequence},
    Kind{"template", "text", read_template},
    Kind{"uptime", "format", read_uptime},
    Kind{"clock", "", read_clock},
    Kind{"counter", "rate_per_s", read_counter},
    Kind{"random_walk", "", read_random_walk},
    Kind{"diurnal", "", read_diurnal},
    Kind{"choice", "", read_choice},
    Kind{"real", "fact", read_real},
};

std::vector<std::string> words() {
  std::vector<std::string> words;
  words.reserve(kKinds.size());
  for (const auto& kind : kKinds) words.emplace_back(kind.word);
  return words;
}

// The body of a kind as a map, whichever way it was written; `where` has its place.
yaml::Node body_of(const Kind& kind, const yaml::Node& where, const yaml::NodePtr& body) {
  const bool short_form = body && body->kind != yaml::Node::Kind::map && !kind.main_key.empty();
  if (body && body->kind != yaml::Node::Kind::null && !short_form) return *body;
  yaml::Node map = where;
  map.kind = yaml::Node::Kind::map;
  map.entries.clear();
  if (!short_form || body->kind == yaml::Node::Kind::null) return map;
  auto key = std::make_shared<yaml::Node>(*body);
  key->kind = yaml::Node::Kind::scalar;
  key->text = kind.main_key;
  map.entries.emplace_back(std::move(key), body);
  return map;
}

void read_one(const std::string& path, const yaml::Node& node, yaml::Problems& problems, std::vector<Spec>& out) {
  const bool is_map = node.kind == yaml::Node::Kind::map;
  if (is_map ? node.entries.size() != 1 : node.kind != yaml::Node::Kind::scalar) {
    problems.add(node, fmt::format("a generator is one of {}, or a map with one of them", fmt::join(words(), ", ")));
    return;
  }
  const yaml::Node& word = is_map ? *node.entries.front().first : node;
  const auto* const kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) { return one.word == word.text; });
  if (kind == kKinds.end()) {
    const auto near = config::suggestion(word.text, words());
    problems.add(word, fmt::format("unknown generator '{}'{}", word.text,
                                   near.empty() ? fmt::format("; there are {}", fmt::join(words(), ", ")) : near));
    return;
  }
  const yaml::Node body = body_of(*kind, word, is_map ? node.entries.front().second : nullptr);
  Map map(body, problems, kind->word);
  Spec spec{path, problems.place(node), kind->read(map)};
  spec.every = Seconds(map.integer("every_s", {1, kLongest}, 0));
  const auto period = spec.every == Seconds{0} ? kDefaultPeriod : spec.every;
  spec.period = Seconds(map.integer("period_s", {1, kLongest}, period.count()));
  map.finish();
  out.push_back(std::move(spec));
}

}  // namespace

Result<std::vector<Spec>> read_generators(const yaml::Node& node, yaml::Problems& problems) {
  std::vector<Spec> specs;
  const Map map(node, problems, "generators");
  if (node.entries.size() > kMaxSpecs) problems.add(node, fmt::format("more than {} generators", kMaxSpecs));
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  for (const auto& [path, body] : node.entries) read_one(path->text, *body, problems, specs);
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return specs;
}

Result<std::vector<Link>> read_links(const yaml::Node& node, yaml::Problems& problems) {
  std::vector<Link> links;
  const auto items = yaml::items(&node, problems, "links");
  if (items.size() > kMaxLinks) problems.add(node, fmt::format("more than {} links", kMaxLinks));
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  for (const auto& item : items) {
    Map map(*item, problems, "a link");
    Link link;
    link.place = problems.place(*item);
    link.when = map.required_text("when");
    map.require("is");
    link.is = map.text("is");
    link.set = map.required_text("set");
    map.require("to");
    link.to = map.text("to");
    link.after = Millis(static_cast<std::int64_t>(1000 * map.number("after_s", {0, double{kLongest}}, 0)));
    map.finish();
    links.push_back(std::move(link));
  }
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return links;
}

}  // namespace hnbemu::generators
