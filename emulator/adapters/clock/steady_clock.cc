#include "adapters/clock/steady_clock.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hnbemu {

Task<Result<>> SteadyClock::sleep_until(Deadline when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, when);
  const auto [error] = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (error) co_return fail(Cause::cancelled, "the device was stopped");
  co_return Result<>{};
}

}  // namespace hnbemu
