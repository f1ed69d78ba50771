#pragma once

#include <functional>

#include "base/time_zone.h"
#include "pm/traffic.h"

namespace hnbemu::pm {

// What happens in the cells of one device as its clock goes on, in steps of at most kStep: of these each is drawn by
// itself from the device's seed, so that it does not matter who asks when, but for where a step was cut.
class Production {
 public:
  static constexpr Seconds kStep{60};
  static constexpr Seconds kMaxGap{86'400};  // a clock that leaps farther has been set: nothing is made up for it

  struct Cell {
    Rat rat = Rat::lte;
    bool on_air = false;
    Counts total;  // since start()
  };
  using Sink = std::function<void(std::size_t cell, const Counts&)>;

  Production(const Traffic& traffic, std::uint64_t seed, const std::vector<Rat>& cells);
  void set_sink(Sink sink) { sink_ = std::move(sink); }

  void start(WallTime now);  // from here on, with nothing counted
  // Up to `now`; the sink hears of each cell's. False if the clock was set meanwhile, and there is a gap.
  bool advance(WallTime now, const TimeZone& zone);
  // The same up to the last whole step: where readers look.
  void catch_up(WallTime now, const TimeZone& zone);

  // From where it is now on.
  void set_on_air(std::size_t cell, bool on) { cells_[cell].on_air = on; }
  void set_fault(double fault) { fault_ = fault; }
  const std::vector<Cell>& cells() const { return cells_; }
  WallTime at() const { return at_; }

 private:
  void step(WallTime end, const TimeZone& zone);

  const Traffic& traffic_;
  std::uint64_t seed_;
  std::vector<Cell> cells_;
  Sink sink_ = [](std::size_t, const Counts&) {};
  WallTime at_{};
  double fault_ = 0;
};

}  // namespace hnbemu::pm
