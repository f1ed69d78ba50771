#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "statistics/statistic.h"

namespace hnbemu::statistics {

struct Now {
  Deadline steady;
  WallTime wall;
  bool knows_time = true;  // otherwise a TimeReference means nothing yet
};

// One row of PeriodicStatistics.SampleSet.{i}. (TR-157): collects while it is enabled, and writes what it has collected
// at the end of each sample interval.
class SampleSet {
 public:
  static constexpr std::size_t kMaxParameters = 32;                     // those after them are not collected
  static constexpr std::size_t kMaxReportSamples = 288;                 // MaxReportSamples: what is kept at most
  static constexpr std::size_t kMaxListBytes = std::size_t{16} * 1024;  // of one list parameter; the oldest samples go
  static constexpr unsigned kSamplings = 10;  // internal sample intervals in a sample interval
  static constexpr Seconds kShortestSampling{1};

  // `path` is the row's, "….SampleSet.1.".
  SampleSet(datamodel::DataModel& model, std::string path) : model_(model), path_(std::move(path)) {}

  // Follows the row's settings and takes what is due. Gives when to call again at the latest.
  Deadline advance(const Now& now);
  void force(const Now& now);  // ForceSample: what there is of the present sample

 private:
  struct Settings {
    bool enabled = false;
    Seconds interval{0};
    std::string reference;
    bool operator==(const Settings&) const = default;
  };
  struct Collected {
    std::string reference;
    Statistic::Terms terms;
    Statistic statistic;
    std::deque<std::string> seconds{};
    std::deque<std::string> suspect{};
    std::deque<std::string> values{};
  };

  Settings settings() const;
  std::string at(std::string_view name) const { return model_.value(path_ + std::string(name)).value_or(""); }
  std::uint64_t number(const std::string& path) const;
  std::size_t report_samples() const;
  bool phase_known(const Now& now) const;
  void restart(const Now& now);
  void stop();
  void begin_interval(const Now& now);
  void follow_parameters(const Now& now);
  void sample(const Now& now);
  void end_interval(const Now& now);
  void store(const Now& now);
  void publish(const Now& now);
  void trigger(const Now& now);

  datamodel::DataModel& model_;
  std::string path_;
  Settings settings_;
  bool running_ = false;
  bool preview_ = false;  // the last sample is of the interval that has not ended
  bool phased_ = false;   // the intervals follow TimeReference
  Deadline began_{};      // the sample interval
  WallTime began_wall_{};
  Deadline ends_{};
  Deadline sampling_{};          // the end of the internal sample interval
  std::uint64_t intervals_ = 0;  // that have ended since the start
  std::deque<WallTime> starts_;  // of the stored samples
  std::deque<std::string> seconds_;
  std::map<std::string, Collected> parameters_;  // by row
};

}  // namespace hnbemu::statistics
