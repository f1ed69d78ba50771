#include "app/show_measurements.h"

#include <algorithm>
#include <thread>

namespace hnbemu::app {
namespace {

constexpr Seconds kLimit{10};
constexpr Millis kPoll{50};

}  // namespace

void show_measurements(fleet::Fleet& fleet, const std::function<bool()>& ended) {
  for (const auto& device : fleet.config().devices) {
    static_cast<void>(fleet.on_device(device.id, [](fleet::Unit& unit) { return unit.device().send_measurements(); }));
  }
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  while (!ended() && std::chrono::steady_clock::now() < deadline) {
    const auto reports = fleet.full_reports();
    if (std::ranges::none_of(reports, [](const auto& report) { return report.pm_files.empty(); })) return;
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace hnbemu::app
