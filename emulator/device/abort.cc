#include "device/abort.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/time.h"

namespace hnbemu::device {
namespace {

Task<void> wait(boost::asio::steady_timer& signal) {
  co_await signal.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace

Abort::Abort(const boost::asio::any_io_executor& executor) : signal_(executor, Deadline::max()) {}

Task<void> Abort::finish(Task<void> work) {
  using namespace boost::asio::experimental::awaitable_operators;
  auto aborted = wait(signal_);
  co_await (std::move(work) || std::move(aborted));
}

}  // namespace hnbemu::device
