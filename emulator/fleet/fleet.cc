#include "fleet/fleet.h"

#include "adapters/trace/record.h"

namespace hnbemu::fleet {
namespace {

// In the name of each of a device's files: "_OUI-SERIAL", then the end of the name or a number (TS 32.432 5.1).
bool is_of(const std::string& file, const std::string& mark) {
  const auto at = file.find(mark);
  return at != std::string::npos && (file[at + mark.size()] == '.' || file[at + mark.size()] == '_');
}

}  // namespace

Result<std::unique_ptr<Fleet>> Fleet::make(config::Fleet config, Settings settings) {
  std::unique_ptr<Fleet> fleet(new Fleet(std::move(config), std::move(settings)));
  if (auto loaded = fleet->load_profiles(); !loaded) return tl::unexpected(loaded.error());
  const auto esp = ipsec::find_esp_backend();
  if (!esp) return tl::unexpected(esp.error());
  fleet->esp_ = *esp;
  const auto& layout = fleet->settings_.layout;
  auto memory = store::Database::open(layout.memory(), store::Durability::process_crash);
  if (!memory) return tl::unexpected(memory.error());
  fleet->memory_ = std::move(*memory);
  auto network = OperatorNetwork::up(fleet->config_, layout.run(), layout.keys());
  if (!network) return tl::unexpected(network.error());
  fleet->network_ = std::move(*network);
  for (const auto& device : fleet->config_.devices) {
    fleet->places_.emplace(device.id, fleet->reports_.size());
    fleet->rings_.push_back(std::make_unique<trace::Ring>(layout.trace(device.id), kTraceBytes));
    DeviceReport report;
    report.status.id = device.id;
    report.status.profile = device.profile;
    fleet->reports_.push_back(std::move(report));
  }
  return fleet;
}

Fleet::~Fleet() {
  stop();
}

Result<> Fleet::load_profiles() {
  for (const auto& device : config_.devices) {
    if (profiles_.contains(device.profile)) continue;
    auto loaded = load_profile_model(device.profile, settings_.profile_directories);
    if (!loaded) return tl::unexpected(loaded.error());
    profiles_.emplace(device.profile, std::move(*loaded));
  }
  for (const auto& device : config_.devices) {
    const bool femtocell = profiles_.at(device.profile).profile.technology != config::Technology::none;
    if (!femtocell && device.serving_hms.empty()) {
      return fail(Cause::configuration,
                  fmt::format("{}: a '{}' is no femtocell and looks for no Initial HMS: give it serving_hms, or the "
                              "fleet an acs",
                              device.id, device.profile));
    }
  }
  return {};
}

void Fleet::observe(StepObserver on_step, StateObserver on_state, AlarmObserver on_alarm) {
  on_step_ = std::move(on_step);
  on_state_ = std::move(on_state);
  on_alarm_ = std::move(on_alarm);
}

void Fleet::start() {
  const auto threads = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < threads; ++i) {
    auto& shard = shards_.emplace_back(std::make_unique<Shard>());
    shard->thread = std::thread([&io = shard->io] { io.run(); });
  }
  units_.resize(config_.devices.size());
  starter_ = std::thread([this] { start_devices(); });
}

void Fleet::start_devices() {
  const auto pause = std::chrono::duration<double>(1 / config_.start_rate_per_s);
  auto next = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < config_.devices.size(); ++i) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_until(lock, next, [this] { return stopping_; });
      if (stopping_) return;
    }
    start_device(i);
    next += std::chrono::duration_cast<std::chrono::steady_clock::duration>(pause);
  }
}

void Fleet::start_device(std::size_t index) {
  const auto& config = config_.devices[index];
  auto& io = shards_[index % shards_.size()]->io;
  Surroundings around{io.get_executor(),
                      *network_,
                      index,
                      *memory_,
                      esp_,
                      config_.time_scale,
                      config_.acs ? config_.acs->ca : std::string(),
                      fmt::format("{}/devices/{}", settings_.layout.run(), config.id),
                      settings_.layout.measurements(config.id),
                      config_.lab.radio_map,
                      [this, index](std::string_view kind, const std::string& text) { note(index, kind, text); }};
  auto made = Unit::make(around, config, profiles_.at(config.profile));
  if (!made) {
    auto failed = report(config.id).value();
    failed.status.error = made.error();
    tell(index, std::move(failed));
    return;
  }
  auto* const unit = made->get();
  {
    const std::lock_guard lock(mutex_);
    units_[index] = std::move(*made);
    ++running_;
  }
  boost::asio::post(io, [this, index, unit] {
    auto& device = unit->device();
    device.observe([this, index](const device::Device& changed) { publish(index, changed); });
    device.steps().observe([this, index](const procedures::StepRecord& step) {
      note(index, "step", procedures::to_string(step));
      if (step.error) count(step);
      if (on_step_) on_step_(config_.devices[index].id, step);
    });
    device.observe_alarms([this, index](const std::string& line) {
      note(index, "alarm", line);
      if (on_alarm_) on_alarm_(config_.devices[index].id, line);
    });
    device.start([this, index] {
      const std::lock_guard lock(mutex_);
      --running_;
      changed_.notify_all();
    });
  });
}

void Fleet::publish(std::size_t index, const device::Device& device) {
  const auto& records = device.steps().records();
  tell(index, {device.status(), {records.begin(), records.end()}});
}

// A state is told once. Whoever is told it and asks for it is answered the same; whoever waits for it goes on after it
// was told.
void Fleet::tell(std::size_t index, DeviceReport report) {
  const auto status = report.status;
  const auto words = device::to_string(status);
  bool is_new = false;
  {
    const std::lock_guard lock(mutex_);
    is_new = words != device::to_string(reports_[index].status);
    reports_[index] = std::move(report);
    ++telling_;
  }
  if (is_new) note(index, "state", words);
  if (is_new && on_state_) on_state_(status);
  const std::lock_guard lock(mutex_);
  --telling_;
  changed_.notify_all();
}

void Fleet::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    changed_.notify_all();
  }
  if (starter_.joinable()) starter_.join();
  for (std::size_t i = 0; i < units_.size(); ++i) {
    if (!units_[i]) continue;
    boost::asio::post(shards_[i % shards_.size()]->io, [this, i] { units_[i]->device().stop(); });
  }
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kStopLimit, [this] { return running_ == 0; });
  }
  for (auto& shard : shards_) {
    shard->work.reset();
    shard->io.stop();
    if (shard->thread.joinable()) shard->thread.join();
  }
  units_.clear();
  memory_.reset();  // what it still writes posts to the shards
  shards_.clear();
  if (network_) network_->lab().down();
}

bool Fleet::wait_in_service(Millis timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout,
                           [this] { return telling_ == 0 && fleet::in_service(reports_) == reports_.size(); });
}

std::vector<device::Status> Fleet::statuses() const {
  const std::lock_guard lock(mutex_);
  std::vector<device::Status> statuses;
  statuses.reserve(reports_.size());
  for (const auto& report : reports_) statuses.push_back(report.status);
  return statuses;
}

std::size_t Fleet::in_service() const {
  const std::lock_guard lock(mutex_);
  return fleet::in_service(reports_);
}

Result<Fleet::Place> Fleet::find(const std::string& id) const {
  const auto found = places_.find(id);
  if (found == places_.end()) return fail(Cause::configuration, fmt::format("no device '{}' in this fleet", id));
  const std::lock_guard lock(mutex_);
  if (found->second >= units_.size() || !units_[found->second]) {
    return fail(Cause::resources, fmt::format("{} has not started yet", id));
  }
  return Place{&shards_[found->second % shards_.size()]->io, units_[found->second].get()};
}

void Fleet::count(const procedures::StepRecord& step) {
  const std::lock_guard lock(mutex_);
  ++failures_[{std::string(step.step.clause), std::string(step.step.id), std::string(to_string(step.error->cause))}];
}

Fleet::Failures Fleet::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

void Fleet::note(std::size_t index, std::string_view kind, const std::string& text) const {
  ring(index).append(trace::to_record(SteadyClock().wall_now(), kind, text));
}

std::vector<std::string> Fleet::trace(const std::string& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? std::vector<std::string>{} : ring(found->second).read();
}

const config::Profile& Fleet::profile(const std::string& id) const {
  return profiles_.at(config_.devices[places_.at(id)].profile).profile;
}

std::optional<DeviceReport> Fleet::report(const std::string& id) const {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return reports_[found->second];
}

std::vector<DeviceReport> Fleet::reports() const {
  const std::lock_guard lock(mutex_);
  return reports_;
}

// A device that has not started, or does not answer, has had no alarms.
std::vector<DeviceReport> Fleet::full_reports() {
  auto all = reports();
  const auto files = network_->measurement_files();
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& report = all[i];
    const auto alarms = on_device(report.status.id, [](Unit& unit) {
      const auto& records = unit.device().alarm_journal().records();
      return std::vector<alarms::Record>(records.begin(), records.end());
    });
    if (alarms) report.alarms = *alarms;
    const auto& device = config_.devices[i];
    const auto& oui = device.oui.empty() ? profiles_.at(device.profile).profile.oui : device.oui;
    const auto mark = fmt::format("_{}-{}", oui, device.serial);
    std::ranges::copy_if(files, std::back_inserter(report.pm_files),
                         [&](const auto& file) { return is_of(file, mark); });
  }
  return all;
}

}  // namespace hnbemu::fleet
