#pragma once

#include "ports/clock.h"

namespace hnbemu {

// The machine's own clocks, and by how much one device's is ahead of them.
class SteadyClock : public Clock {
 public:
  Deadline now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override {
    return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now()) + offset_;
  }
  void set_offset(std::chrono::microseconds offset) override { offset_ = offset; }
  std::chrono::microseconds offset() const override { return offset_; }
  Task<Result<>> sleep_until(Deadline when) override;

 private:
  std::chrono::microseconds offset_{0};
};

}  // namespace hnbemu
