#pragma once

#include "ports/clock.h"

namespace hnbemu {

// The machine's own clocks, and by how much one device's is ahead of them. From its making on, the device's time passes
// `time_scale` times as fast.
class SteadyClock : public Clock {
 public:
  explicit SteadyClock(unsigned time_scale = 1) : time_scale_(time_scale), made_(std::chrono::steady_clock::now()) {}

  Deadline now() const override { return std::chrono::steady_clock::now(); }
  Deadline device_now() const override { return made_ + (now() - made_) * time_scale_; }
  Deadline machine_time(Deadline device_time) const override;
  WallTime wall_now() const override;
  void set_offset(std::chrono::microseconds offset) override { offset_ = offset; }
  std::chrono::microseconds offset() const override { return offset_; }
  Task<Result<>> sleep_until(Deadline when) override;

 private:
  Deadline::rep time_scale_;
  Deadline made_;
  std::chrono::microseconds offset_{0};
};

}  // namespace hnbemu
