#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hnbemu::config {

// Which specification's procedures a device follows.
enum class Technology { hnb, henb };  // TS 32.583, TS 32.593

// What a device profile says beside its data model: who the device is, how it speaks, where things are in its tree.
struct Profile {
  std::string name;
  Technology technology = Technology::hnb;
  std::string cwmp_version = "1.0";  // 1.0 to 1.4

  std::string manufacturer;
  std::string oui;
  std::string product_class;

  // Parameters of every Inform (TR-069 3.7.1.5 forced ones and the profile's own), full names.
  std::vector<std::string> inform_parameters;
  // Added to the Inform of discovery and registration: position, macro cells, broadband address (TS 25.467 5.2.2).
  std::vector<std::string> location_parameters;

  // Role -> full parameter name. Roles: acs_url, acs_username, acs_password, parameter_key, connection_request_url,
  // connection_request_username, connection_request_password, periodic_inform_enable, periodic_inform_interval,
  // periodic_inform_time, serial_number, manufacturer, oui, product_class, hardware_version, software_version, up_time,
  // admin_state, op_state, rf_tx_status, serving_segw, gateway, inner_address, outer_address, …
  std::map<std::string, std::string, std::less<>> roles;
  // Empty if the profile has no such place.
  std::string_view path(std::string_view role) const;
};

}  // namespace hnbemu::config
