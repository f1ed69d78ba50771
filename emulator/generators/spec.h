#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/yaml.h"

namespace hnbemu::generators {

inline constexpr std::size_t kMaxSpecs = 10'000;  // of a profile
inline constexpr std::size_t kMaxLinks = 1'000;
inline constexpr Seconds kDefaultPeriod{60};

// What is really so (facts.h).
enum class Fact : std::uint8_t {
  outer_address,
  inner_address,   // of the newest SA; "" without one
  gateway,         // its SeGW
  dns_servers,     // its inner ones, comma-separated
  tunnel_state,    // "Up" or "Down"
  tunnel_created,  // dateTime
  outer_bytes_sent,
  outer_bytes_received,
  outer_packets_sent,
  outer_packets_received,
  inner_bytes_sent,  // through all tunnels since power-up
  inner_bytes_received,
  inner_packets_sent,
  inner_packets_received,
  memory_kib,
};
std::string_view to_string(Fact fact);

struct Constant {
  std::string text;
};
struct Template {
  std::string text;  // {name}: a device field (config::kDeviceFields), "index", or a Fact
};
struct Sequence {
  std::vector<std::string> values;  // one a period
  bool repeat = true;               // else the last one stays
};
struct Uptime {
  std::string format;  // "" for seconds; else with {d} {h} {m} {s}, and {hh} {mm} {ss} with two digits
};
struct ClockTime {
  Seconds unsynchronised_until{0};  // after power-up: until then, or until it is synchronised, the clock began in 1970
};
// From power-up on; wraps at the type's width.
struct Counter {
  double rate_per_s = 0;
  double jitter = 0;  // by how much of itself the rate varies, 0 to 1
  std::uint64_t start = 0;
};
struct RandomWalk {
  double start = 0;
  double step = 0;  // the longest; one a period
  double min = 0;
  double max = 0;
};
// By the hour of the day, UTC.
struct Diurnal {
  double low = 0;
  double high = 0;
  double peak_hour = 0;
  double noise = 0;  // of high - low, 0 to 1; another one each period
};
struct Choice {
  std::vector<std::pair<std::string, double>> values;  // with weights; drawn each period
};
struct Real {
  Fact fact = Fact::outer_address;
};
using Rule = std::variant<Constant, Template, Sequence, Uptime, ClockTime, Counter, RandomWalk, Diurnal, Choice, Real>;

// How one parameter's value comes about.
struct Spec {
  std::string path;
  std::string place;  // file:line:column
  Rule rule;
  Seconds period = kDefaultPeriod;  // how long one value of a sequence, walk, choice or noise stands
  Seconds every{0};                 // written to the tree that often, so that a change is notified; 0: made when read
};

// After `when` has become `is` and stayed so for `after`, `set` becomes `to`.
struct Link {
  std::string when;
  std::string is;
  std::string set;
  std::string to;
  Millis after{0};
  std::string place;
};

// A profile's `generators:` {path: word, or {word: {key: …}}, or {word: its main value}}, and its `links:`. What is
// wrong is in `problems`, and then the error is the first of it.
Result<std::vector<Spec>> read_generators(const config::yaml::Node& node, config::yaml::Problems& problems);
Result<std::vector<Link>> read_links(const config::yaml::Node& node, config::yaml::Problems& problems);

}  // namespace hnbemu::generators
