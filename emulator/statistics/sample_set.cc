#include "statistics/sample_set.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hnbemu::statistics {
namespace {

std::string joined(const std::deque<std::string>& items) {
  return fmt::format("{}", fmt::join(items, ","));
}

// The last one again, or one more; never more than may be kept.
void put(std::deque<std::string>& items, std::string item, bool again, std::size_t most) {
  if (again && !items.empty()) items.pop_back();
  items.push_back(std::move(item));
  std::size_t bytes = 0;
  for (const auto& one : items) bytes += one.size() + 1;
  while (items.size() > most || (bytes > SampleSet::kMaxListBytes && items.size() > 1)) {
    bytes -= items.front().size() + 1;
    items.pop_front();
  }
}

std::string rounded(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::round<Seconds>(time).count());
}

CalculationMode calculation_named(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames{"Latest", "Minimum", "Maximum", "Average"};
  const auto* const found = std::ranges::find(kNames, name);
  return found == kNames.end() ? CalculationMode::latest : static_cast<CalculationMode>(found - kNames.begin());
}

}  // namespace

std::uint64_t SampleSet::number(const std::string& path) const {
  const auto parsed = datamodel::Integer::parse(model_.value(path).value_or(""));
  return parsed && !parsed->negative ? parsed->magnitude : 0;
}

SampleSet::Settings SampleSet::settings() const {
  return {at("Enable") == "true", Seconds(std::max<std::uint64_t>(number(path_ + "SampleInterval"), 1)),
          at("TimeReference")};
}

std::size_t SampleSet::report_samples() const {
  return std::clamp<std::size_t>(number(path_ + "ReportSamples"), 1, kMaxReportSamples);
}

bool SampleSet::phase_known(const Now& now) const {
  return now.knows_time && settings_.reference != unknown_time && parse_date_time(settings_.reference).has_value();
}

Deadline SampleSet::advance(const Now& now) {
  auto wanted = settings();
  if (wanted != settings_) {
    settings_ = std::move(wanted);
    settings_.enabled ? restart(now) : stop();
  }
  if (!running_) return Deadline::max();
  if (!phased_ && phase_known(now)) restart(now);  // the device has come to know the time
  follow_parameters(now);
  if (now.steady >= sampling_) sample(now);
  if (now.steady >= ends_) end_interval(now);
  return std::min(ends_, sampling_);
}

// The first sample interval begins at once, and what was stored goes.
void SampleSet::restart(const Now& now) {
  running_ = true;
  preview_ = false;
  intervals_ = 0;
  starts_.clear();
  seconds_.clear();
  parameters_.clear();
  phased_ = phase_known(now);
  ends_ = now.steady +
          (phased_ ? until_next_period(settings_.interval, settings_.reference, now.wall) : Millis(settings_.interval));
  begin_interval(now);
  model_.update(path_ + "ReportStartTime", unknown_time);
  model_.update(path_ + "ReportEndTime", unknown_time);
  model_.update(path_ + "SampleSeconds", "");
  model_.update(path_ + "Status", "Enabled");
}

void SampleSet::stop() {
  running_ = false;
  model_.update(path_ + "Status", "Disabled");
}

void SampleSet::begin_interval(const Now& now) {
  began_ = now.steady;
  began_wall_ = now.wall;
  for (auto& [row, parameter] : parameters_) parameter.statistic.begin(read(model_, parameter.reference), now.steady);
  const bool between = std::ranges::any_of(
      parameters_, [](const auto& entry) { return entry.second.terms.calculation != CalculationMode::latest; });
  sampling_ = between ? now.steady + std::max<Millis>(settings_.interval / kSamplings, kShortestSampling) : ends_;
  sampling_ = std::min(sampling_, ends_);
}

// Those that came, went, or are now about something else.
void SampleSet::follow_parameters(const Now& now) {
  const auto table = path_ + "Parameter.";
  const auto state = model_.table_state(table).value_or(datamodel::TableState{});
  std::map<std::string, Collected> kept;
  for (const auto instance : state.rows) {
    if (kept.size() == kMaxParameters) break;
    const auto row = fmt::format("{}{}.", table, instance);
    const auto text = [&](std::string_view name) { return model_.value(row + std::string(name)).value_or(""); };
    const auto threshold = [&](std::string_view name) {
      const auto parsed = datamodel::Integer::parse(text(name)).value_or(datamodel::Integer{});
      const auto magnitude = static_cast<std::int64_t>(parsed.magnitude);  // an int
      return parsed.negative ? -magnitude : magnitude;
    };
    if (text("Enable") != "true") continue;
    const Statistic::Terms terms{text("SampleMode") == "Change" ? SampleMode::change : SampleMode::current,
                                 calculation_named(text("CalculationMode")), threshold("LowThreshold"),
                                 threshold("HighThreshold")};
    auto found = parameters_.find(row);
    if (found != parameters_.end() && found->second.reference == text("Reference") && found->second.terms == terms) {
      kept.insert(parameters_.extract(found));
      continue;
    }
    Collected fresh{text("Reference"), terms, Statistic(terms)};
    fresh.statistic.begin(read(model_, fresh.reference), now.steady);
    kept.emplace(row, std::move(fresh));
    for (const auto* const list : {"SampleSeconds", "SuspectData", "Values"}) model_.update(row + list, "");
    model_.update(row + "Failures", "0");
    if (terms.calculation != CalculationMode::latest) {
      sampling_ =
          std::min(sampling_, now.steady + std::max<Millis>(settings_.interval / kSamplings, kShortestSampling));
    }
  }
  parameters_ = std::move(kept);
}

// The end of an internal sample interval: nothing is seen of it but Failures.
void SampleSet::sample(const Now& now) {
  const bool last = now.steady >= ends_;
  for (auto& [row, parameter] : parameters_) {
    // What is the latest alone has the sample interval for its internal one.
    if (!last && parameter.terms.calculation == CalculationMode::latest) continue;
    const auto crossed = parameter.statistic.take(read(model_, parameter.reference), now.steady);
    if (crossed > 0) model_.update(row + "Failures", std::to_string(number(row + "Failures") + crossed));
  }
  sampling_ = std::min(ends_, now.steady + std::max<Millis>(settings_.interval / kSamplings, kShortestSampling));
}

void SampleSet::end_interval(const Now& now) {
  store(now);
  preview_ = false;
  ++intervals_;
  publish(now);
  trigger(now);
  // Sample intervals follow one another without delay; those that were slept through are part of the one before.
  if (phased_) {
    auto wait = until_next_period(settings_.interval, settings_.reference, now.wall);
    if (wait < Millis(settings_.interval) / 2) wait += settings_.interval;  // the clocks differ: that was this one
    ends_ = now.steady + wait;
  } else {
    while (ends_ <= now.steady) ends_ += settings_.interval;
  }
  begin_interval(now);
}

// One more sample of each list, or the preview's last word.
void SampleSet::store(const Now& now) {
  const auto most = report_samples();
  put(seconds_, rounded(now.steady - began_), preview_, most);
  if (!preview_) starts_.push_back(began_wall_);
  while (starts_.size() > seconds_.size()) starts_.pop_front();
  for (auto& [row, parameter] : parameters_) {
    const bool again = preview_ && !parameter.values.empty();
    put(parameter.seconds, rounded(parameter.statistic.collected()), again, most);
    put(parameter.suspect, parameter.statistic.suspect() ? "1" : "0", again, most);
    put(parameter.values, parameter.statistic.value(), again, most);
  }
}

void SampleSet::publish(const Now& now) {
  const auto time = [&](WallTime when) {
    return now.knows_time ? to_date_time(std::chrono::floor<Seconds>(when)) : std::string(unknown_time);
  };
  model_.update(path_ + "ReportStartTime", time(starts_.front()));
  model_.update(path_ + "ReportEndTime", time(now.wall));
  model_.update(path_ + "SampleSeconds", joined(seconds_));
  for (const auto& [row, parameter] : parameters_) {
    model_.update(row + "SampleSeconds", joined(parameter.seconds));
    model_.update(row + "SuspectData", joined(parameter.suspect));
    model_.update(row + "Values", joined(parameter.values));
  }
}

// Status goes to Trigger and back at once: one change of value for those who are notified of it.
void SampleSet::trigger(const Now& now) {
  const auto fetch = number(path_ + "FetchSamples");
  if (fetch == 0 || fetch > number(path_ + "ReportSamples")) return;
  auto ended = static_cast<std::int64_t>(intervals_);
  if (phased_) {
    const std::chrono::duration<double> since = now.wall - *parse_date_time(settings_.reference);
    ended = std::llround(since / settings_.interval);
  }
  if (ended % static_cast<std::int64_t>(fetch) != 0) return;
  model_.update(path_ + "Status", "Trigger");
  model_.update(path_ + "Status", "Enabled");
}

void SampleSet::force(const Now& now) {
  if (!running_) return;
  follow_parameters(now);
  // The sample itself goes on as if nobody had looked.
  std::map<std::string, Statistic> kept;
  for (auto& [row, parameter] : parameters_) {
    kept.emplace(row, parameter.statistic);
    parameter.statistic.take(read(model_, parameter.reference), now.steady);
  }
  store(now);
  preview_ = true;
  publish(now);
  for (const auto& [row, statistic] : kept) parameters_.at(row).statistic = statistic;
}

}  // namespace hnbemu::statistics
