#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "ports/clock.h"

namespace hnbemu::doubles {

// Time that passes only when nothing else is left to do. Runs an io_context: all ready handlers first, then the clock
// jumps to the next sleeper.
class SimulatedClock : public Clock {
 public:
  static constexpr std::size_t kMaxHandlersBetweenJumps = 1'000'000;  // more is a device that spins

  explicit SimulatedClock(boost::asio::io_context& io) : io_(io) {}

  Deadline now() const override { return Deadline{} + elapsed_; }
  Deadline device_now() const override { return Deadline{} + elapsed_ * time_scale; }
  Deadline machine_time(Deadline device_time) const override {
    if (time_scale == 1 || device_time == Deadline::max()) return device_time;
    return Deadline{} + (device_time.time_since_epoch() + Deadline::duration(time_scale - 1)) / time_scale;
  }
  WallTime wall_now() const override {
    return start_ + std::chrono::duration_cast<std::chrono::microseconds>(elapsed_ * time_scale) + offset_;
  }
  void set_offset(std::chrono::microseconds offset) override { offset_ = offset; }
  std::chrono::microseconds offset() const override { return offset_; }
  Task<Result<>> sleep_until(Deadline when) override;

  Deadline::rep time_scale = 1;  // of the device's time

  // Until nothing is ready and no sleeper is due before the end; the clock then stands at the end.
  void run_for(std::chrono::nanoseconds duration);

 private:
  struct Sleeper {
    boost::asio::steady_timer timer;
    bool due = false;
  };
  void run_ready();

  boost::asio::io_context& io_;
  std::chrono::steady_clock::duration elapsed_ = std::chrono::hours(1);
  std::chrono::microseconds offset_{0};
  WallTime start_ = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  std::multimap<Deadline, Sleeper*> sleepers_;
};

}  // namespace hnbemu::doubles
