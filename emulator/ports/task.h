#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/result.h"
#include "base/time.h"

namespace hnbemu {

// A port call: completes exactly once, with a value, an error, Cause::timeout at its deadline or Cause::cancelled when
// the device is stopped (the coroutine's cancellation slot). It never throws and never waits past its deadline.
//
// g++ 12 destroys some temporaries of a co_await expression twice. So: no lambda, no braced aggregate and no
// conditional operator inside an expression that has co_await; name the value first, then await.
template <class T>
using Task = boost::asio::awaitable<T>;

// Whether the coroutine has been told to stop, now or ever. What completes at the very moment of the cancellation does
// not say so.
inline Task<bool> is_cancelled() {
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  co_return state.cancelled() != boost::asio::cancellation_type::none;
}

}  // namespace hnbemu
