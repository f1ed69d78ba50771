#pragma once

#include "ports/clock.h"

namespace hnbemu {

// The machine's own clocks.
class SteadyClock : public Clock {
 public:
  Deadline now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override {
    return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
  }
  Task<Result<>> sleep_until(Deadline when) override;
};

}  // namespace hnbemu
