#include "radio/rem.h"

#include <algorithm>

#include "base/number.h"

namespace hnbemu::radio {

Rem::Rem(datamodel::DataModel& model, std::string_view service, Environment environment, Seconds duration)
    : model_(model), environment_(std::move(environment)), duration_(duration) {
  std::vector<config::MacroCell> own;
  for (auto& object : rem_objects(model, service)) {
    for (auto& cell : read_cells(model, object)) own.push_back(std::move(cell));
    scans_.push_back({std::move(object)});
  }
  if (!environment_.map) environment_.map = built_in_map(environment_.position, std::move(own));
}

bool Rem::flag(const Scan& scan, std::string_view name) const {
  return model_.value(scan.object.path + std::string(name)) == "true";
}

std::uint32_t Rem::number(const Scan& scan, std::string_view name) const {
  const auto text = model_.value(scan.object.path + std::string(name)).value_or("");
  return parse_number<std::uint32_t>(text).value_or(0);
}

void Rem::power_up(const Now& now) {
  powered_ = true;
  for (auto& scan : scans_) {
    scan = Scan{std::move(scan.object)};
    model_.update(scan.object.path + "ScanStatus", "Indeterminate");
    model_.update(scan.object.path + "ErrorDetails", "");
    scan.initial = flag(scan, "ScanOnBoot");
    if (scan.initial) begin(scan, now);
  }
}

void Rem::power_down() {
  powered_ = false;
  for (auto& scan : scans_) scan = Scan{std::move(scan.object)};
}

void Rem::begin(Scan& scan, const Now& now) {
  const Seconds limit{number(scan, "ScanTimeout")};
  scan.times_out = limit.count() > 0 && limit < duration_;
  scan.ends = now.steady + (scan.times_out ? limit : duration_);
  model_.update(scan.object.path + "ScanStatus", "InProgress");
}

void Rem::end(Scan& scan, const Now& now) {
  const auto& path = scan.object.path;
  scan.ends.reset();
  scan.initial = false;
  scan.failed = scan.times_out;
  ++ended_;
  if (!scan.failed) {
    scan.cells = radio::scan(environment_, scan_settings(model_, scan.object));
    write_cells(model_, scan.object, scan.cells);
  }
  model_.update(path + "LastScanTime", to_date_time(std::chrono::floor<Seconds>(now.wall)));
  model_.update(path + "ErrorDetails",
                scan.failed ? fmt::format("a scan takes {} s, ScanTimeout is shorter", duration_.count()) : "");
  model_.update(path + "ScanStatus", scan.failed ? "Error_TIMEOUT" : "Success");
}

// The next scan follows from now whenever one of its settings is another, or the last one was begun.
void Rem::follow_schedule(Scan& scan, const Now& now) {
  const auto interval = number(scan, "PeriodicInterval");
  const auto phase = model_.value(scan.object.path + "PeriodicTime").value_or("");
  const bool on = flag(scan, "ScanPeriodically") && interval > 0;
  auto schedule = on ? fmt::format("{} {}", interval, phase) : "";
  if (schedule == scan.schedule && scan.due.has_value() == on) return;
  scan.schedule = std::move(schedule);
  scan.due.reset();
  if (on) scan.due = now.steady + until_next_period(Seconds{interval}, phase, now.wall);
}

Deadline Rem::advance(const Now& now) {
  Deadline next = Deadline::max();
  if (!powered_) return next;
  for (auto& scan : scans_) {
    if (scan.ends && *scan.ends <= now.steady) end(scan, now);
    follow_schedule(scan, now);
    if (!scan.ends && scan.due && *scan.due <= now.steady) {
      if (now.bearers && model_.value(scan.object.path + "InServiceHandling") == "Delayed") {
        next = std::min(next, now.steady + kBusyPoll);
        continue;
      }
      scan.due.reset();
      follow_schedule(scan, now);
      begin(scan, now);
    }
    if (scan.ends) {
      next = std::min(next, *scan.ends);
    } else if (scan.due) {
      next = std::min(next, *scan.due);
    }
  }
  return next;
}

bool Rem::measuring() const {
  return std::ranges::any_of(scans_, [](const Scan& scan) { return scan.ends.has_value(); });
}

bool Rem::initial_done() const {
  return std::ranges::none_of(scans_, [](const Scan& scan) { return scan.initial; });
}

std::optional<std::vector<MeasuredCell>> Rem::measured(RadioTechnology technology) const {
  std::vector<MeasuredCell> cells;
  for (const auto& scan : scans_) {
    if (scan.object.technology != technology) continue;
    if (scan.failed) return std::nullopt;
    cells.insert(cells.end(), scan.cells.begin(), scan.cells.end());
  }
  return cells;
}

}  // namespace hnbemu::radio
