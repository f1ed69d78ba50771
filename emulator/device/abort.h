#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ports/task.h"

namespace hnbemu::device {

// Lets go of work in the middle of it, when power or the way to the HMS is gone.
class Abort {
 public:
  explicit Abort(const boost::asio::any_io_executor& executor);

  // Until the work is done, or abort() is called in the meantime: it is cancelled then, which it must heed.
  Task<void> finish(Task<void> work);
  void abort() { signal_.cancel(); }

 private:
  boost::asio::steady_timer signal_;  // never expires: its cancellation is the signal
};

}  // namespace hnbemu::device
