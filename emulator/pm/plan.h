#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/profile.h"
#include "pm/events.h"

// What a device of a profile measures, and how: the profile's `performance` and the catalogue that it names.
namespace hnbemu::pm {

inline constexpr std::size_t kMaxMeasurements = 1'000;  // of one catalogue

// A number of a period: the highest of a peak, or a sum of events, over another one if `per` is not empty (no number if
// that is 0), times a factor.
struct Measurement {
  std::string name;   // "RRC.AttConnEstab.mo-Data"
  std::string group;  // measInfoId
  std::vector<std::size_t> sum{};
  std::vector<std::size_t> per{};
  double times = 1;
  std::optional<std::size_t> peak{};

  std::optional<double> value(const Counts& counts) const;
};

// A parameter below FAPService.{i}. and the measurements that it shows; several are a list.
struct Stat {
  std::string path;
  std::vector<std::size_t> measurements;
};

struct Catalogue {
  std::vector<Measurement> measurements;  // those of a group are neighbours
  std::vector<Stat> stats;
};

// The users of one cell.
struct Traffic {
  double subscribers = 8;
  double calls_per_hour = 1;  // of a subscriber, at the busiest hour; and so the next
  double sessions_per_hour = 15;
  double signalling_per_hour = 4;
  double call_s = 90;  // mean holding times
  double session_s = 25;
  double session_kbytes = 900;
  double capacity = 16;    // users at once; more load is more failures
  double peak_hour = 20;   // local time
  double night = 0.08;     // of the busiest hour's traffic, twelve hours from it
  double failure = 0.004;  // of attempts, in an idle and healthy cell
};

enum class Format : std::uint8_t { ts_32_435, cmcc };

struct Plan {
  Catalogue umts;
  Catalogue lte;
  Traffic traffic;
  Format format = Format::ts_32_435;
  bool gzip = false;
  bool post = false;  // HTTP POST instead of PUT
  Seconds granularity{900};

  const Catalogue& of(Rat rat) const { return rat == Rat::umts ? umts : lte; }
};

// Null if the profile names no catalogue. The error is all that is wrong, a line each.
Result<std::shared_ptr<const Plan>> read_plan(const config::Profile& profile);

}  // namespace hnbemu::pm
