#include "device/statistics.h"

namespace hnbemu::device {

Task<void> Statistics::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  auto& clock = context_.ports.clock;
  while (!stopping()) {
    auto next = Deadline::max();
    if (powered_)
      next = clock.machine_time(statistics_.advance({clock.device_now(), clock.wall_now(), context_.knows_time}));
    co_await wake_.pop(clock, next);
  }
}

void Statistics::power_up() {
  powered_ = true;
  statistics_.power_up();
  wake_.push({});
}

}  // namespace hnbemu::device
