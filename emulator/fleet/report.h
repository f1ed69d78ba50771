#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "alarms/journal.h"
#include "device/status.h"

namespace hnbemu::fleet {

// One device at one moment: copied out of its executor, free to keep.
struct DeviceReport {
  device::Status status;
  std::vector<procedures::StepRecord> steps;
  // Of Fleet::full_reports() alone.
  std::vector<alarms::Record> alarms{};
  std::vector<std::string> pm_files{};  // that the lab's HMS has of it
};

std::size_t in_service(const std::vector<DeviceReport>& reports);

// {"devices":[{"id","profile","state","outer_address","inner_address","serving_hms","error","steps":[{"id","clause","name",
// "started","ms","result"}],"alarms":[alarm_json()],"pm_files":[name]}],"in_service":N,"violations":[text]};
// "error" is null or {"cause","step","detail"}.
std::string to_json(const std::vector<DeviceReport>& reports, const std::vector<std::string>& violations);

// Without the steps; and with them.
boost::json::object summary_json(const device::Status& status);
boost::json::object device_json(const DeviceReport& report);
// {"alarm","problem","severity","mechanism","raised","reported","cleared","clear_reported"}; times, or null.
boost::json::object alarm_json(const alarms::Record& record);

// For people: the devices, then the time of each step in milliseconds, a column a device.
std::string to_table(const std::vector<DeviceReport>& reports);

}  // namespace hnbemu::fleet
