#include "generators/generator.h"

#include <cmath>
#include <numbers>

#include "base/number.h"
#include "generators/fields.h"
#include "generators/noise.h"

namespace hnbemu::generators {
namespace {

constexpr Seconds kJitterPeriod{10};  // how long a counter's rate stays the same

// How many values an integer type has from 0 on.
long double span_of(datamodel::Type type) {
  switch (type) {
    case datamodel::Type::int_:
      return 0x1p31L;
    case datamodel::Type::unsigned_int:
      return 0x1p32L;
    case datamodel::Type::long_:
      return 0x1p63L;
    default:
      return 0x1p64L;
  }
}

std::string rounded(double value, double min, double max) {
  return fmt::to_string(std::llround(std::clamp(value, std::ceil(min), std::max(std::ceil(min), std::floor(max)))));
}

// One evaluation.
struct Evaluation {
  const Spec& spec;
  const Subject& subject;
  datamodel::Type type;
  std::uint64_t seed;
  const Moment& now;

  std::uint64_t periods() const { return static_cast<std::uint64_t>(now.since_boot / Millis(spec.period)); }

  std::string operator()(const Constant& rule) const { return rule.text; }

  std::string operator()(const Template& rule) const {
    auto fields = subject.fields;
    for (const auto& name : fact_names()) {
      if (rule.text.find('{' + name + '}') != std::string::npos) fields[name] = subject.fact(*fact_named(name));
    }
    return config::expand(rule.text, fields).value_or("");
  }

  std::string operator()(const Sequence& rule) const {
    const auto size = rule.values.size();
    const auto at = rule.repeat ? periods() % size : std::min<std::uint64_t>(periods(), size - 1);
    return rule.values[at];
  }

  std::string operator()(const Uptime& rule) const {
    const auto seconds = std::chrono::floor<Seconds>(now.since_boot);
    if (rule.format.empty()) return fmt::to_string(seconds.count());
    return config::expand(rule.format, uptime_fields(seconds)).value_or("");
  }

  std::string operator()(const ClockTime& rule) const {
    const bool unknown = (subject.shows_epoch && subject.shows_epoch()) ||
                         (now.since_boot < rule.unsynchronised_until && !subject.time_synchronised());
    const WallTime shown = std::chrono::floor<Seconds>(unknown ? WallTime{now.since_boot} : now.wall);
    return subject.local_date_time ? subject.local_date_time(shown) : to_date_time(shown);
  }

  // Time itself is stretched and shortened between points that are a period apart and up to half the jitter early or
  // late: so it never runs backwards and never drifts away.
  std::string operator()(const Counter& rule) const {
    const auto period = Millis(kJitterPeriod);
    const auto index = static_cast<std::uint64_t>(now.since_boot / period);
    const auto part = static_cast<long double>((now.since_boot % period).count()) / period.count();
    const auto point = [&](std::uint64_t at) {
      const long double shift = at == 0 ? 0.0L : rule.jitter * (uniform(seed, at) - 0.5L);
      return kJitterPeriod.count() * (static_cast<long double>(at) + shift);
    };
    const auto seconds = point(index) + part * (point(index + 1) - point(index));
    const auto count = static_cast<long double>(rule.start) + std::floor(rule.rate_per_s * seconds);
    return fmt::to_string(static_cast<std::uint64_t>(std::fmod(count, span_of(type))));
  }

  std::string operator()(const RandomWalk& rule) const {
    return rounded(fold(rule.start + rule.step * walk(seed, periods()), rule.min, rule.max), rule.min, rule.max);
  }

  std::string operator()(const Diurnal& rule) const {
    const auto day = now.wall - std::chrono::floor<std::chrono::days>(now.wall);
    const double hour = std::chrono::duration<double, std::ratio<3600>>(day).count();
    const double height = (1 + std::cos(2 * std::numbers::pi * (hour - rule.peak_hour) / 24)) / 2;
    const auto period = static_cast<std::uint64_t>(now.wall.time_since_epoch() / spec.period);
    const double noise = rule.noise * (2 * uniform(seed, period) - 1);
    return rounded(rule.low + (rule.high - rule.low) * (height + noise), rule.low, rule.high);
  }

  std::string operator()(const Choice& rule) const {
    double sum = 0;
    for (const auto& [value, weight] : rule.values) sum += weight;
    double drawn = sum * uniform(seed, periods());
    const std::string* chosen = &rule.values.front().first;
    for (const auto& [value, weight] : rule.values) {
      if (weight <= 0) continue;
      chosen = &value;
      if (drawn < weight) break;
      drawn -= weight;
    }
    return *chosen;
  }

  std::string operator()(const Real& rule) const {
    auto text = subject.fact(rule.fact);
    const bool narrow = type == datamodel::Type::unsigned_int || type == datamodel::Type::int_;
    const auto number = narrow ? parse_number<std::uint64_t>(text) : std::nullopt;
    return number ? fmt::to_string(*number % static_cast<std::uint64_t>(span_of(type))) : text;
  }
};

}  // namespace

Generator::Generator(const Spec& spec, const Subject& subject, datamodel::Type type)
    : spec_(&spec), subject_(&subject), type_(type), seed_(seed_of(subject.seed, spec.path)) {}

std::string Generator::value(const Moment& now) const {
  return std::visit(Evaluation{*spec_, *subject_, type_, seed_, now}, spec_->rule);
}

}  // namespace hnbemu::generators
