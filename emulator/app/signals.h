#pragma once

#include <signal.h>

#include "base/time.h"

namespace hnbemu::app {

// SIGINT, SIGTERM and SIGHUP as something to wait for. Made before the first thread, so that no thread is interrupted.
class Signals {
 public:
  Signals();
  // True if one came before the time was up; it is taken.
  bool wait_for(Millis time) const;

 private:
  sigset_t set_{};
};

}  // namespace hnbemu::app
