#pragma once

#include "ports/task.h"

namespace hnbemu {

// Two times. The machine's: now() and sleep_until(), by which every port call has its deadline, and the waits that
// another end knows of: IKE, TLS, sessions and CWMP's retry table, connection requests and their throttle, DHCP leases,
// NTP, STUN, diagnostics. The device's: device_now() and wall_now(), which a fleet's time_scale may make pass faster:
// the periods, delays, dates and windows of the data model, the time to boot and to measure, statistics, generators.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Deadline now() const = 0;
  // Never jumps, as now().
  virtual Deadline device_now() const { return now(); }
  // now() when device_now() will be that; the largest stays the largest.
  virtual Deadline machine_time(Deadline device_time) const { return device_time; }
  // now() when so much of the device's time will have passed.
  Deadline after(std::chrono::nanoseconds device_time) const { return machine_time(device_now() + device_time); }
  // What the device believes the date to be.
  virtual WallTime wall_now() const = 0;
  // From now on wall_now() is ahead of the machine's own time by this.
  virtual void set_offset(std::chrono::microseconds offset) = 0;
  virtual std::chrono::microseconds offset() const = 0;
  // Cause::cancelled if the device is stopped meanwhile; never Cause::timeout.
  virtual Task<Result<>> sleep_until(Deadline when) = 0;
};

}  // namespace hnbemu
