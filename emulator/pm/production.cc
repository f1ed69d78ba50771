#include "pm/production.h"

#include "base/hash.h"

namespace hnbemu::pm {
namespace {

WallTime next_step(WallTime time) {
  const auto steps = std::chrono::floor<Seconds>(time).time_since_epoch() / Production::kStep;
  return WallTime{(steps + 1) * Production::kStep};
}

double seconds_of(WallTime::duration time) {
  return std::chrono::duration<double>(time).count();
}

double hour_at(WallTime time, const TimeZone& zone) {
  const auto local = time + zone.offset_at(time);
  return seconds_of(local - std::chrono::floor<std::chrono::days>(local)) / 3'600;
}

}  // namespace

Production::Production(const Traffic& traffic, std::uint64_t seed, const std::vector<Rat>& cells)
    : traffic_(traffic), seed_(seed) {
  for (const auto rat : cells) cells_.push_back({rat, false, Counts(rat)});
}

void Production::start(WallTime now) {
  at_ = now;
  for (auto& cell : cells_) cell.total = Counts(cell.rat);
}

bool Production::advance(WallTime now, const TimeZone& zone) {
  if (now < at_ && at_ - now <= kStep) return true;  // it was corrected a little
  if (now < at_ || now - at_ > kMaxGap) {
    at_ = now;
    return false;
  }
  while (at_ < now) step(std::min(now, next_step(at_)), zone);
  return true;
}

void Production::catch_up(WallTime now, const TimeZone& zone) {
  const auto whole = next_step(now) - kStep;
  if (whole > at_) advance(whole, zone);
}

void Production::step(WallTime end, const TimeZone& zone) {
  const double seconds = seconds_of(end - at_);
  const auto seed = scramble(seed_ + static_cast<std::uint64_t>(at_.time_since_epoch().count()) * kGoldenGamma);
  const Conditions conditions{hour_at(at_, zone), fault_};
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    auto& cell = cells_[i];
    Counts counts(cell.rat);
    if (cell.on_air) {
      counts = draw(cell.rat, traffic_, conditions, seconds, scramble(seed + i));
    } else {
      counts.sums[cell.rat == Rat::lte ? lte_events().off_s : umts_events().off_s] = seconds;
    }
    cell.total.add(counts);
    sink_(i, counts);
  }
  at_ = end;
}

}  // namespace hnbemu::pm
