#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "device/device.h"

namespace hnbemu::device {

// What changes by itself in the data model, whatever the device is doing, for as long as run() goes on.
Task<void> Device::run_live() {
  using namespace boost::asio::experimental::awaitable_operators;
  auto& clock = context_.ports.clock;
  live_.on_sooner([this] { live_sooner_.expires_at(Deadline::min()); });
  while (!ended_) {
    live_.run_due();
    live_sooner_.expires_at(Deadline::max());
    const auto next = clock.machine_time(live_.next_due());
    co_await (wait_for_sooner() || clock.sleep_until(next));
  }
}

Task<void> Device::wait_for_sooner() {
  co_await live_sooner_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace hnbemu::device
