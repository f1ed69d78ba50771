#pragma once

#include "ports/task.h"

namespace hnbemu {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Deadline now() const = 0;
  virtual WallTime wall_now() const = 0;
  // Cause::cancelled if the device is stopped meanwhile; never Cause::timeout.
  virtual Task<Result<>> sleep_until(Deadline when) = 0;
};

}  // namespace hnbemu
