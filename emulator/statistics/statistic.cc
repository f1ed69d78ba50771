#include "statistics/statistic.h"

#include <algorithm>
#include <cmath>

namespace hnbemu::statistics {
namespace {

using datamodel::Integer;
using datamodel::Type;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, Statistic::kMaxText)) {
    if (c == ',' || c == '%') {
      out += c == ',' ? "%2C" : "%25";
    } else {
      out += c;
    }
  }
  return out;
}

std::string written(long double number) {
  if (number == std::floor(number)) return fmt::format("{:.0f}", number);
  return fmt::format("{:.3f}", number);
}

}  // namespace

std::optional<Reading> read(const datamodel::DataModel& model, const std::string& path) {
  const auto values = path.empty() || path.ends_with('.') ? std::nullopt : std::optional(model.values(path));
  if (!values || !*values || (*values)->size() != 1) return std::nullopt;
  const auto& [name, type, text] = (*values)->front();
  Reading reading{text};
  const bool integer =
      type == Type::int_ || type == Type::long_ || type == Type::unsigned_int || type == Type::unsigned_long;
  const auto number = integer ? Integer::parse(text) : std::nullopt;
  if (!number) return reading;
  reading.counts = true;
  reading.number = number->negative ? -static_cast<long double>(number->magnitude) : number->magnitude;
  reading.never_negative = type == Type::unsigned_int || type == Type::unsigned_long;
  return reading;
}

void Statistic::begin(std::optional<Reading> reading, Deadline now) {
  before_ = std::move(reading);
  before_at_ = now;
  text_.clear();
  counts_ = false;
  result_ = 0;
  samples_ = 0;
  suspect_ = false;
  collected_ = Millis{0};
}

// What was not there for a part of the interval has fewer SampleSeconds, and is not to be trusted.
unsigned Statistic::take(std::optional<Reading> reading, Deadline now) {
  unsigned crossed = 0;
  if (!before_ || !reading) suspect_ = true;
  if (before_ && reading) collected_ += std::chrono::round<Millis>(now - before_at_);
  if (reading) {
    text_ = reading->text;
    counts_ = reading->counts;
    if (const auto value = sampled(*reading)) {
      calculate(*value);
      crossed = cross(*value);
    }
  }
  before_ = std::move(reading);
  before_at_ = now;
  return crossed;
}

// A counter that has become less was reset: what it has is what came since then.
std::optional<long double> Statistic::sampled(const Reading& reading) {
  if (!reading.counts) return std::nullopt;
  if (terms_.sample == SampleMode::current) return reading.number;
  if (!before_ || !before_->counts) return std::nullopt;
  const bool reset = reading.never_negative && reading.number < before_->number;
  suspect_ = suspect_ || reset;
  return reset ? reading.number : reading.number - before_->number;
}

void Statistic::calculate(long double value) {
  switch (terms_.calculation) {
    case CalculationMode::latest:
      result_ = value;
      break;
    case CalculationMode::minimum:
      result_ = samples_ == 0 ? value : std::min(result_, value);
      break;
    case CalculationMode::maximum:
      result_ = samples_ == 0 ? value : std::max(result_, value);
      break;
    case CalculationMode::average:
      result_ += value;
      break;
  }
  ++samples_;
}

unsigned Statistic::cross(long double value) {
  if (terms_.low == terms_.high) return 0;
  Level level = Level::in_range;
  if (value <= static_cast<long double>(terms_.low)) level = Level::low;
  if (value >= static_cast<long double>(terms_.high)) level = Level::high;
  return std::exchange(level_, level) != level && level != Level::in_range ? 1 : 0;
}

std::string Statistic::value() const {
  if (!counts_) return escaped(text_);
  if (samples_ == 0) return {};
  return written(terms_.calculation == CalculationMode::average ? result_ / samples_ : result_);
}

}  // namespace hnbemu::statistics
