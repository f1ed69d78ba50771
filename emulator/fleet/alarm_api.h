#pragma once

#include <boost/json/object.hpp>

#include "alarms/orders.h"
#include "base/result.h"
#include "device/device.h"

// The alarms of a device in JSON.
namespace hnbemu::fleet {

// {"alarms":[those raised now],"supported":[the catalogue],"recent":[alarm_json()],"counts":counts_json()}.
boost::json::object alarms_json(const device::Device& device);
boost::json::object counts_json(const device::Device& device);  // alarms::AlarmCounts, and "generator_dropped"

// {"order": "raise", "alarm": text}, with "object", "text" and "severity" if they are given.
Result<alarms::Order> read_order(const boost::json::object& body);

}  // namespace hnbemu::fleet
