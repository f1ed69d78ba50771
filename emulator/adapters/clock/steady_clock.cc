#include "adapters/clock/steady_clock.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hnbemu {

// Rounded up, so that who has slept until then finds that it is so.
Deadline SteadyClock::machine_time(Deadline device_time) const {
  if (time_scale_ == 1 || device_time == Deadline::max()) return device_time;
  const auto since = device_time - made_;
  const Deadline::duration up(since.count() > 0 ? time_scale_ - 1 : 0);
  return made_ + (since + up) / time_scale_;
}

WallTime SteadyClock::wall_now() const {
  const auto ahead = (now() - made_) * (time_scale_ - 1);
  return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now() + ahead) + offset_;
}

Task<Result<>> SteadyClock::sleep_until(Deadline when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, when);
  const auto [error] = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (error) co_return fail(Cause::cancelled, "the device was stopped");
  co_return Result<>{};
}

}  // namespace hnbemu
