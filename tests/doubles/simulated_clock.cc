#include "doubles/simulated_clock.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace hnbemu::doubles {

Task<Result<>> SimulatedClock::sleep_until(Deadline when) {
  if (when <= now()) co_return Result<>{};
  Sleeper sleeper{boost::asio::steady_timer(io_, Deadline::max())};
  const auto place = sleepers_.emplace(when, &sleeper);
  co_await sleeper.timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (sleeper.due) co_return Result<>{};  // run_for() took it out of the map
  sleepers_.erase(place);
  co_return fail(Cause::cancelled, "the device was stopped");
}

void SimulatedClock::run_ready() {
  io_.restart();
  for (std::size_t handlers = 0; io_.poll_one() > 0; ++handlers) {
    if (handlers == kMaxHandlersBetweenJumps) throw std::runtime_error("the device spins: time does not pass");
  }
}

void SimulatedClock::run_for(std::chrono::nanoseconds duration) {
  const auto end = now() + duration;
  run_ready();
  while (!sleepers_.empty() && sleepers_.begin()->first <= end) {
    const auto first = sleepers_.begin();
    elapsed_ = first->first - Deadline{};
    Sleeper& sleeper = *first->second;
    sleepers_.erase(first);
    sleeper.due = true;
    sleeper.timer.cancel();
    run_ready();
  }
  elapsed_ = end - Deadline{};
}

}  // namespace hnbemu::doubles
