#include "device/measurements.h"

#include <algorithm>
#include <cmath>

#include "procedures/causes.h"
#include "procedures/local_time.h"

namespace hnbemu::device {
namespace {

constexpr const char* kMemory = "measurements";
constexpr Seconds kRemember{300};   // what is measured in a longer time is not lost with the power
constexpr Seconds kAskForTime{30};  // of a device whose clock has not been set
constexpr const char* kAlarms = ".CurrentAlarm.";

// Whether a change there may be one of what asks for files.
bool is_setting(std::string_view path) {
  return path.find("PerfMgmt.") != std::string_view::npos;
}

}  // namespace

Measurements::Measurements(boost::asio::any_io_executor executor, procedures::Context& context, Setup setup)
    : context_(context),
      wake_(std::move(executor)),
      plan_(std::move(setup.plan)),
      seed_(setup.seed),
      directory_(std::move(setup.directory)) {
  if (plan_) procedures::guard_new_pm_rows(context_, *plan_);
}

TimeZone Measurements::zone() const {
  return procedures::local_time_zone(context_);
}

Task<void> Measurements::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  auto& clock = context_.ports.clock;
  while (!stopping()) {
    auto next = Deadline::max();
    if (powered_ && plan_) {
      if (!running_) begin();
      if (running_) {
        follow_settings();
        follow_cells();
        if (collection_->advance(now())) changed_ = true;
        const auto due = collection_->next_due();
        if (due) next = clock.after(std::min<WallTime::duration>(*due - now(), kRemember));
        if (due || changed_) note();
        if (changed_) filed_();
        changed_ = false;
      } else {
        next = clock.now() + kAskForTime;
      }
      if (running_) co_await remember(context_);
    }
    co_await wake_.pop(clock, next);
  }
  if (!running_) co_return;
  power_down();
  co_await remember(context_);
}

void Measurements::power_up() {
  powered_ = true;
  if (plan_) procedures::guard_pm_rows(context_, *plan_);
  wake_.push({});
}

void Measurements::power_down() {
  powered_ = false;
  if (!running_) return;
  collection_->advance(now());
  note();
  running_ = false;
}

// A device that does not know what time it is has no periods.
void Measurements::begin() {
  if (directory_.empty() || procedures::shows_epoch(context_)) return;
  if (!collection_) {
    cells_ = procedures::pm_cells(context_);
    if (cells_.empty()) return;
    std::vector<pm::CellName> names;
    for (const auto& cell : cells_) names.push_back(cell.name);
    pm::Collection::Surroundings around{
        [this] { return zone(); }, [this] { return procedures::pm_origin(context_); },
        [this](const std::string& problem) { context_.log.add(procedures::LogLevel::error, problem); }};
    collection_ = std::make_unique<pm::Collection>(*plan_, seed_, std::move(names), directory_, std::move(around));
    watch();
    show_stats();
  }
  collection_->start(context_.memory.fact(kMemory), now());
  running_ = true;
  settings_changed_ = cells_changed_ = true;
  follow_settings();
  follow_cells();
}

void Measurements::watch() {
  context_.model.observe([this](std::span<const datamodel::Change> changes) {
    for (const auto& change : changes) on_change(change);
  });
}

void Measurements::on_change(const datamodel::Change& change) {
  if (!running_) return;
  const bool of_cell = std::ranges::any_of(cells_, [&](const auto& cell) { return cell.rf_tx_status == change.path; });
  if (of_cell || change.path.find(kAlarms) != std::string::npos) {
    collection_->production().advance(std::min(now(), collection_->next_due().value_or(now())), zone());
    cells_changed_ = true;
    follow_cells();
  } else if (is_setting(change.path)) {
    settings_changed_ = true;
    wake_.push({});
  }
}

void Measurements::follow_settings() {
  if (!std::exchange(settings_changed_, false)) return;
  targets_ = procedures::pm_targets(context_);
  std::vector<pm::JobConfig> jobs;
  std::set<std::string> rows;
  for (const auto& target : targets_) {
    rows.insert(target.job.row);
    if (target.enabled && pm::granularity_of(*plan_, target.job.interval)) jobs.push_back(target.job);
  }
  collection_->configure(jobs, now());
  collection_->spool().keep_rows(rows);
  changed_ = true;
}

void Measurements::follow_cells() {
  if (!std::exchange(cells_changed_, false)) return;
  auto& production = collection_->production();
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto status = context_.model.value(cells_[i].rf_tx_status).value_or("");
    production.set_on_air(i, status == "1" || status == "true");
  }
  production.set_fault(fault());
}

// What is wrong with the device lets attempts fail: the more severe, the more.
double Measurements::fault() const {
  double passes = 1;
  for (const auto& [key, alarm] : context_.alarms.raised()) {
    constexpr double kFails[] = {0.3, 0.1, 0.02, 0.005, 0};  // by config::Severity
    passes *= 1 - kFails[static_cast<std::size_t>(alarm.severity)];
  }
  return 1 - passes;
}

void Measurements::note() {
  context_.memory.set_fact(kMemory, collection_->memory());
}

void Measurements::sent(std::uint32_t file) {
  collection_->spool().remove(file);
  note();
}

tl::expected<std::vector<std::string>, std::string> Measurements::cut() {
  if (!running_) return tl::unexpected<std::string>("the device does not measure");
  settings_changed_ = true;
  follow_settings();
  if (!collection_->next_due()) return tl::unexpected<std::string>("no enabled object of PerfMgmt has a URL");
  auto names = collection_->cut(now());
  if (names.empty()) return tl::unexpected<std::string>("the period has just begun");
  note();
  changed_ = true;
  wake_.push({});
  return names;
}

// What TR-196 shows of them counts from the power-up on.
void Measurements::show_stats() {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    for (const auto& one : plan_->of(cells_[i].name.rat).stats) {
      context_.model.set_source(cells_[i].service + one.path, [this, i, &one] { return shown(i, one); });
    }
  }
}

std::string Measurements::shown(std::size_t cell, const pm::Stat& stat) {
  auto& production = collection_->production();
  if (running_) production.catch_up(std::min(now(), collection_->next_due().value_or(now())), zone());
  std::string text;
  for (const auto index : stat.measurements) {
    const auto value = plan_->of(cells_[cell].name.rat).measurements[index].value(production.cells()[cell].total);
    if (!text.empty()) text += ',';
    text += fmt::format("{:.0f}", std::min(std::round(value.value_or(0)), 4294967295.0));
  }
  return text;
}

}  // namespace hnbemu::device
