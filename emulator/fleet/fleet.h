#pragma once

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/store/database.h"
#include "adapters/trace/ring.h"
#include "config/fleet.h"
#include "fleet/home.h"
#include "fleet/operator_network.h"
#include "fleet/report.h"
#include "fleet/unit.h"

namespace hnbemu::fleet {

inline constexpr std::size_t kLogBytes = std::size_t{16} << 20;      // of a fleet, on disk
inline constexpr std::size_t kTraceBytes = std::size_t{512} * 1024;  // of a device, on disk

struct Settings {
  Layout layout;  // claimed by the caller
  std::vector<std::string> profile_directories;
};

// Many devices at once, each pinned to one of as many threads as the machine has processors.
class Fleet {
 public:
  static constexpr Seconds kStopLimit{10};   // for all devices to put their things in order
  static constexpr Seconds kAnswerLimit{5};  // for a device to answer a question

  // Called on the device's own thread; of a state when its words are new.
  using StepObserver = std::function<void(const std::string& device, const procedures::StepRecord& step)>;
  using AlarmObserver = std::function<void(const std::string& device, const std::string& line)>;
  using StateObserver = std::function<void(const device::Status& status)>;

  // Reads the profiles and makes the operator's network; no device yet.
  static Result<std::unique_ptr<Fleet>> make(config::Fleet config, Settings settings);
  ~Fleet();  // stops

  void observe(StepObserver on_step, StateObserver on_state, AlarmObserver on_alarm);
  void start();  // at the configured rate, in the background
  void stop();   // idempotent; bounded by kStopLimit

  // Until all devices are in service; false at the time-out.
  bool wait_in_service(Millis timeout);
  std::vector<DeviceReport> reports() const;
  std::vector<DeviceReport> full_reports();      // with what the devices themselves are asked for
  std::vector<device::Status> statuses() const;  // without the steps
  std::size_t in_service() const;
  std::optional<DeviceReport> report(const std::string& id) const;
  const config::Fleet& config() const { return config_; }
  const Layout& layout() const { return settings_.layout; }
  OperatorNetwork& network() { return *network_; }
  const config::Profile& profile(const std::string& id) const;  // of the device
  // The trace of a device, one JSON object a line: {"time", "kind", "text"}; the oldest are gone.
  std::vector<std::string> trace(const std::string& id) const;

  // Runs on the device's own thread; `work` may outlive the call, so it owns what it uses. Errors: configuration (no
  // such device), resources (it has not started yet), timeout.
  template <class Work>
  auto on_device(const std::string& id, Work work) -> Result<std::invoke_result_t<Work, Unit&>> {
    using Answer = std::invoke_result_t<Work, Unit&>;
    const auto place = find(id);
    if (!place) return tl::unexpected(place.error());
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    boost::asio::post(*place->io,
                      [promise, work = std::move(work), unit = place->unit] { promise->set_value(work(*unit)); });
    if (answer.wait_for(kAnswerLimit) != std::future_status::ready)
      return fail(Cause::timeout, id + " does not answer");
    return answer.get();
  }
  std::vector<std::string> violations() const { return network_->violations(); }
  // How often which step has failed, and why, since the fleet began: {clause, step, cause}.
  using Failures = std::map<std::array<std::string, 3>, std::uint64_t>;
  Failures failures() const;
  ipsec::EspBackend esp() const { return esp_; }

 private:
  struct Shard {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::thread thread;
  };

  struct Place {
    boost::asio::io_context* io = nullptr;
    Unit* unit = nullptr;
  };

  Fleet(config::Fleet config, Settings settings) : config_(std::move(config)), settings_(std::move(settings)) {}
  Result<> load_profiles();
  Result<Place> find(const std::string& id) const;
  trace::Ring& ring(std::size_t index) const { return *rings_[index]; }
  void note(std::size_t index, std::string_view kind, const std::string& text) const;
  void count(const procedures::StepRecord& step);  // of one that failed
  void start_devices();
  void start_device(std::size_t index);
  void publish(std::size_t index, const device::Device& device);
  void tell(std::size_t index, DeviceReport report);

  config::Fleet config_;
  Settings settings_;
  ipsec::EspBackend esp_ = ipsec::EspBackend::kernel;
  std::map<std::string, ProfileModel> profiles_;
  std::unique_ptr<OperatorNetwork> network_;
  std::unique_ptr<store::Database> memory_;
  std::map<std::string, std::size_t, std::less<>> places_;  // id -> index of the device
  std::vector<std::unique_ptr<trace::Ring>> rings_;
  StepObserver on_step_;
  StateObserver on_state_;
  AlarmObserver on_alarm_;

  std::vector<std::unique_ptr<Shard>> shards_;
  std::thread starter_;

  mutable std::mutex mutex_;  // for all below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Unit>> units_;
  std::vector<DeviceReport> reports_;
  std::size_t telling_ = 0;  // reports that the observer has not been told of yet
  Failures failures_;
  std::size_t running_ = 0;  // devices that have started and not finished
  bool stopping_ = false;
};

}  // namespace hnbemu::fleet
