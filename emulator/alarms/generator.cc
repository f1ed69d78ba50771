#include "alarms/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hnbemu::alarms {
namespace {

using Span = std::chrono::steady_clock::duration;

constexpr double kDay = 86'400;
constexpr double kMostDelay = 2;  // seconds from an alarm to those that it brings
constexpr std::size_t kHours = 24;

Span seconds(double number) {
  return std::chrono::duration_cast<Span>(std::chrono::duration<double>(number));
}

std::size_t hour_of(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return static_cast<std::size_t>(std::chrono::floor<std::chrono::hours>(time - day).count()) % kHours;
}

}  // namespace

Generator::Generator(const std::vector<config::AlarmDefinition>& catalogue, config::AlarmGeneration how,
                     std::uint64_t seed)
    : catalogue_(catalogue), how_(std::move(how)), random_(seed), reasons_(catalogue.size()) {
  if (!how_.day_curve.empty()) peak_ = *std::ranges::max_element(how_.day_curve);
  for (std::size_t i = 0; i < catalogue_.size(); ++i) {
    if (catalogue_[i].chance.per_day > 0) stormy_.push_back(i);
  }
}

void Generator::power_up(Deadline now) {
  power_down();
  for (std::size_t i = 0; i < catalogue_.size(); ++i) {
    plan(now, catalogue_[i].chance.per_day * how_.rate * peak_, {Kind::arrival, i});
  }
  if (!stormy_.empty()) plan(now, how_.storms.per_day, {Kind::storm});
}

void Generator::power_down() {
  events_.clear();
  std::ranges::fill(reasons_, 0u);
  pause_.reset();
}

Deadline Generator::next() const {
  if (events_.empty()) return Deadline::max();
  return std::max(events_.begin()->first, pause_.value_or(Deadline::min()));
}

// The next arrival of a Poisson process. These have no limit: there is one for each alarm.
void Generator::plan(Deadline from, double per_day, Event event) {
  if (per_day <= 0) return;
  const auto wait = std::exponential_distribution<double>(per_day / kDay)(random_);
  constexpr double kFar = 10 * 365 * kDay;
  events_.emplace(from + seconds(std::min(wait, kFar)), event);
}

std::vector<Act> Generator::take(Deadline now, WallTime wall) {
  std::vector<Act> acts;
  if (pause_ && now < *pause_) return acts;
  pause_.reset();
  for (std::size_t events = 0; !events_.empty() && events_.begin()->first <= now; ++events) {
    if (events == kMaxActs) {
      pause_ = now + kPause;
      break;
    }
    const auto [at, event] = *events_.begin();
    events_.erase(events_.begin());
    if (event.kind == Kind::arrival || event.kind == Kind::storm) {
      arrive(at, wall - std::chrono::duration_cast<WallTime::duration>(now - at), event);
    } else if (event.kind == Kind::storm_alarm) {
      come(at, event.alarm);
    } else if (auto done = act(event)) {
      acts.push_back(std::move(*done));
    }
  }
  return acts;
}

// The process runs at the peak of the day; of its arrivals as many count as the hour's factor says.
void Generator::arrive(Deadline at, WallTime wall, const Event& event) {
  if (event.kind == Kind::storm) {
    begin_storm(at);
    return plan(at, how_.storms.per_day, event);
  }
  const bool counts = how_.day_curve.empty() || uniform(0, peak_) < how_.day_curve[hour_of(wall)];
  if (counts) come(at, event.alarm);
  plan(at, catalogue_[event.alarm].chance.per_day * how_.rate * peak_, event);
}

void Generator::begin_storm(Deadline at) {
  for (unsigned i = 0; i < how_.storms.alarms; ++i) {
    const auto which = std::uniform_int_distribution<std::size_t>(0, stormy_.size() - 1)(random_);
    const auto when = at + seconds(uniform(0, static_cast<double>(how_.storms.within.count())));
    if (events_.size() >= kMaxPending) {
      ++dropped_;
    } else {
      events_.emplace(when, Event{Kind::storm_alarm, stormy_[which]});
    }
  }
}

// Once, or several times with as long between as it lasts.
void Generator::come(Deadline at, std::size_t alarm) {
  const auto& chance = catalogue_[alarm].chance;
  const auto lasts = uniform(static_cast<double>(chance.shortest.count()), static_cast<double>(chance.longest.count()));
  const auto flaps = std::uniform_int_distribution<unsigned>(1, chance.flaps)(random_);
  const auto part = seconds(lasts / (2 * flaps - 1));
  const auto follow = brought_by(alarm);
  const auto needed = std::size_t{2} * flaps * (1 + follow.size());
  if (events_.size() + needed > kMaxPending) {
    ++dropped_;
    return;
  }
  for (unsigned i = 0; i < flaps; ++i) {
    const auto begin = at + 2 * i * part;
    events_.emplace(begin, Event{Kind::raise, alarm});
    events_.emplace(begin + part, Event{Kind::clear, alarm});
    for (const auto other : follow) {
      const auto delay = seconds(uniform(0, kMostDelay));
      events_.emplace(begin + delay, Event{Kind::raise, other, alarm});
      events_.emplace(begin + part + delay, Event{Kind::clear, other, alarm});
    }
  }
}

// And what these bring, each once.
std::vector<std::size_t> Generator::brought_by(std::size_t alarm) const {
  std::vector<std::size_t> all{alarm};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto& identifier : catalogue_[all[i]].brings) {
      const auto found = std::ranges::find(catalogue_, identifier, &config::AlarmDefinition::identifier);
      const auto index = static_cast<std::size_t>(found - catalogue_.begin());
      if (found != catalogue_.end() && std::ranges::find(all, index) == all.end()) all.push_back(index);
    }
  }
  all.erase(all.begin());
  return all;
}

std::optional<Act> Generator::act(const Event& event) {
  auto& reasons = reasons_[event.alarm];
  const auto* const alarm = &catalogue_[event.alarm];
  if (event.kind == Kind::clear) {
    if (reasons == 0 || --reasons > 0) return std::nullopt;
    return Act{false, alarm};
  }
  if (reasons++ > 0) return std::nullopt;
  if (event.brought_by == kNobody) return Act{true, alarm};
  return Act{true, alarm, fmt::format("follows from {}", catalogue_[event.brought_by].specific_problem)};
}

double Generator::uniform(double low, double high) {
  return low < high ? std::uniform_real_distribution<double>(low, high)(random_) : low;
}

}  // namespace hnbemu::alarms
