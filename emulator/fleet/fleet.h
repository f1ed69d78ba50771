#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "config/fleet.h"
#include "fleet/operator_network.h"
#include "fleet/report.h"
#include "fleet/unit.h"

namespace hnbemu::fleet {

struct Settings {
  std::string state_directory;  // existing; the fleet's own
  std::vector<std::string> profile_directories;
};

// Many devices at once, each pinned to one of as many threads as the machine has processors.
class Fleet {
 public:
  static constexpr Seconds kStopLimit{10};  // for all devices to put their things in order

  // Called on the device's own thread.
  using StepObserver = std::function<void(const std::string& device, const procedures::StepRecord& step)>;
  using StateObserver = std::function<void(const device::Status& status)>;

  // Reads the profiles and makes the operator's network; no device yet.
  static Result<std::unique_ptr<Fleet>> make(config::Fleet config, Settings settings);
  ~Fleet();  // stops

  void observe(StepObserver on_step, StateObserver on_state);
  void start();  // at the configured rate, in the background
  void stop();   // idempotent; bounded by kStopLimit

  // Until all devices are in service; false at the time-out.
  bool wait_in_service(Millis timeout);
  std::vector<DeviceReport> reports() const;
  std::vector<std::string> violations() const { return network_->violations(); }
  ipsec::EspBackend esp() const { return esp_; }

 private:
  struct Shard {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::thread thread;
  };

  Fleet(config::Fleet config, Settings settings) : config_(std::move(config)), settings_(std::move(settings)) {}
  Result<> load_profiles();
  void start_devices();
  void start_device(std::size_t index);
  void publish(std::size_t index, const device::Device& device);

  config::Fleet config_;
  Settings settings_;
  ipsec::EspBackend esp_ = ipsec::EspBackend::kernel;
  std::map<std::string, ProfileModel> profiles_;
  std::unique_ptr<OperatorNetwork> network_;
  StepObserver on_step_;
  StateObserver on_state_;

  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<Unit>> units_;
  std::thread starter_;

  mutable std::mutex mutex_;  // for all below
  std::condition_variable changed_;
  std::vector<DeviceReport> reports_;
  std::size_t running_ = 0;  // devices that have started and not finished
  bool stopping_ = false;
};

}  // namespace hnbemu::fleet
