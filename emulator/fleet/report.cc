#include "fleet/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "base/table.h"

namespace hnbemu::fleet {
namespace {

// Beyond this many devices a column each would not fit a screen: the spread is shown instead.
constexpr std::size_t kMaxStepColumns = 6;

std::string result_of(const procedures::StepRecord& record) {
  return record.error ? std::string(to_string(record.error->cause)) : "ok";
}

std::string address_or_dash(const IpAddress& address) {
  return address.is_unspecified() ? "-" : address.to_string();
}

boost::json::value error_json(const std::optional<Error>& error) {
  if (!error) return nullptr;
  return boost::json::object{{"cause", to_string(error->cause)}, {"step", error->step}, {"detail", error->detail}};
}

boost::json::object step_json(const procedures::StepRecord& record) {
  return {{"id", record.step.id},          {"clause", record.step.clause},
          {"name", record.step.name},      {"started", to_date_time(record.started)},
          {"ms", record.duration.count()}, {"result", result_of(record)}};
}

boost::json::value time_json(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return boost::json::string(to_date_time(*time));
}

struct StepTimes {
  std::string_view name;
  std::map<std::size_t, Millis> by_device;  // the last time that the step succeeded
};

std::string device_table(const std::vector<DeviceReport>& reports) {
  Table table({"DEVICE", "PROFILE", "OUTER", "INNER", "SERVING HMS", "STATE", "REASON"});
  for (const auto& [status, steps, alarms, pm_files] : reports) {
    table.add({status.id, status.profile, address_or_dash(status.outer_address), address_or_dash(status.inner_address),
               status.serving_hms.empty() ? "-" : status.serving_hms, std::string(device::to_string(status.state)),
               status.error ? status.error->to_string() : status.off_air});
  }
  return table.to_string();
}

std::vector<std::string> spread(const StepTimes& times) {
  std::vector<Millis> sorted;
  for (const auto& [device, duration] : times.by_device) sorted.push_back(duration);
  std::sort(sorted.begin(), sorted.end());
  return {fmt::to_string(sorted.size()), fmt::to_string(sorted.front().count()),
          fmt::to_string(sorted[sorted.size() / 2].count()), fmt::to_string(sorted.back().count())};
}

std::string step_table(const std::vector<DeviceReport>& reports) {
  std::map<std::pair<std::string_view, std::string_view>, StepTimes> steps;  // by clause and id
  std::vector<std::pair<std::string_view, std::string_view>> order;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    for (const auto& record : reports[i].steps) {
      if (record.error) continue;
      const auto [place, is_new] = steps.try_emplace({record.step.clause, record.step.id});
      if (is_new) order.push_back(place->first);
      place->second.name = record.step.name;
      place->second.by_device[i] = record.duration;
    }
  }
  const bool wide = reports.size() > kMaxStepColumns;
  std::vector<std::string> header{"STEP", "", "NAME"};
  if (wide) header.insert(header.end(), {"DEVICES", "MIN ms", "MEDIAN ms", "MAX ms"});
  for (std::size_t i = 0; !wide && i < reports.size(); ++i) header.push_back(reports[i].status.id + " ms");
  Table table(std::move(header));
  for (const auto& key : order) {
    const auto& times = steps.at(key);
    std::vector<std::string> row{std::string(key.first), std::string(key.second), std::string(times.name)};
    if (wide) {
      const auto columns = spread(times);
      row.insert(row.end(), columns.begin(), columns.end());
    }
    for (std::size_t i = 0; !wide && i < reports.size(); ++i) {
      const auto found = times.by_device.find(i);
      row.push_back(found == times.by_device.end() ? "" : fmt::to_string(found->second.count()));
    }
    table.add(std::move(row));
  }
  return table.to_string();
}

}  // namespace

boost::json::object summary_json(const device::Status& status) {
  return {{"id", status.id},
          {"profile", status.profile},
          {"state", device::to_string(status.state)},
          {"outer_address", status.outer_address.is_unspecified() ? "" : status.outer_address.to_string()},
          {"inner_address", status.inner_address.is_unspecified() ? "" : status.inner_address.to_string()},
          {"serving_hms", status.serving_hms},
          {"held_at", status.held_at},
          {"off_air", status.off_air},
          {"failed_attempts", status.failed_attempts},
          {"error", error_json(status.error)}};
}

boost::json::object device_json(const DeviceReport& report) {
  auto device = summary_json(report.status);
  auto& steps = device["steps"].emplace_array();
  for (const auto& record : report.steps) steps.push_back(step_json(record));
  return device;
}

boost::json::object alarm_json(const alarms::Record& record) {
  return {{"alarm", record.identifier},
          {"problem", record.specific_problem},
          {"severity", to_string(record.severity)},
          {"mechanism", to_string(record.mechanism).substr(2)},
          {"raised", to_date_time(record.raised)},
          {"reported", time_json(record.reported)},
          {"cleared", time_json(record.cleared)},
          {"clear_reported", time_json(record.clear_reported)}};
}

std::size_t in_service(const std::vector<DeviceReport>& reports) {
  return static_cast<std::size_t>(std::count_if(reports.begin(), reports.end(), [](const DeviceReport& report) {
    return report.status.state == device::State::in_service;
  }));
}

std::string to_json(const std::vector<DeviceReport>& reports, const std::vector<std::string>& violations) {
  boost::json::object document;
  auto& devices = document["devices"].emplace_array();
  for (const auto& report : reports) {
    auto device = device_json(report);
    auto& alarms = device["alarms"].emplace_array();
    for (const auto& record : report.alarms) alarms.push_back(alarm_json(record));
    device["pm_files"] = boost::json::array(report.pm_files.begin(), report.pm_files.end());
    devices.push_back(std::move(device));
  }
  document["in_service"] = in_service(reports);
  document["violations"] = boost::json::array(violations.begin(), violations.end());
  return boost::json::serialize(document);
}

std::string to_table(const std::vector<DeviceReport>& reports) {
  return device_table(reports) + "\n" + step_table(reports);
}

}  // namespace hnbemu::fleet
