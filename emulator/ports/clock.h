#pragma once

#include "ports/task.h"

namespace hnbemu {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Deadline now() const = 0;
  // What the device believes the date to be.
  virtual WallTime wall_now() const = 0;
  // From now on wall_now() is ahead of the machine's own time by this.
  virtual void set_offset(std::chrono::microseconds offset) = 0;
  virtual std::chrono::microseconds offset() const = 0;
  // Cause::cancelled if the device is stopped meanwhile; never Cause::timeout.
  virtual Task<Result<>> sleep_until(Deadline when) = 0;
};

}  // namespace hnbemu
