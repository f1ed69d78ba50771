#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "datamodel/data_model.h"

namespace hnbemu::statistics {

enum class SampleMode : std::uint8_t { current, change };
enum class CalculationMode : std::uint8_t { latest, minimum, maximum, average };

// What a parameter has at one moment, as the ACS would read it.
struct Reading {
  std::string text;
  bool counts = false;          // an integer: what can be added up and compared
  long double number = 0;       // exact for each of the four integer types
  bool never_negative = false;  // an unsigned type
};
// Nothing if there is no such parameter now.
std::optional<Reading> read(const datamodel::DataModel& model, const std::string& path);

// One parameter over one sample interval (TR-157 SampleSet.{i}.Parameter.{i}.): fed with readings, one at the start and
// one at the end of each internal sample interval. Texts know Current and Latest alone.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order of their meaning
class Statistic {
 public:
  static constexpr std::size_t kMaxText = 256;  // bytes of a sample

  struct Terms {
    SampleMode sample = SampleMode::current;
    CalculationMode calculation = CalculationMode::latest;
    std::int64_t low = 0;  // equal to `high`: no thresholds
    std::int64_t high = 0;
    bool operator==(const Terms&) const = default;
  };

  explicit Statistic(Terms terms) : terms_(terms) {}

  void begin(std::optional<Reading> reading, Deadline now);  // of the sample interval
  // Gives how often the thresholds were crossed (Failures).
  unsigned take(std::optional<Reading> reading, Deadline now);

  std::string value() const;  // as an item of Values: commas and percent signs are escaped (TR-106 3.2.3)
  bool suspect() const { return suspect_; }
  Millis collected() const { return collected_; }

 private:
  enum class Level : std::uint8_t { in_range, low, high };
  std::optional<long double> sampled(const Reading& reading);
  void calculate(long double value);
  unsigned cross(long double value);

  Terms terms_;
  std::optional<Reading> before_;  // at the start of the internal sample interval
  Deadline before_at_{};
  Level level_ = Level::in_range;
  std::string text_;
  bool counts_ = false;
  long double result_ = 0;  // of an average: the sum
  unsigned samples_ = 0;
  bool suspect_ = false;
  Millis collected_{0};
};

}  // namespace hnbemu::statistics
