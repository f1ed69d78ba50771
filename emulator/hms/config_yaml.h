#pragma once

#include <string>

#include "config/yaml.h"
#include "hms/hms.h"

// An HMS in YAML:
//
//   role: serving                        # initial, serving, combined
//   authentication: {scheme: digest, realm: hms, algorithm: MD5, accounts: {user: password}}
//   client_certificate_required: true
//   first_contact_is_bootstrap: true
//   session_timeout_s: 60
//   rules:                               # the first that matches; without rules: every device, the role's defaults
//     - name: north
//       match:
//         oui: 00C0FF                    # globs
//         product_class: "*"
//         serial: "1*"
//         root: Device                   # or InternetGatewayDevice
//         location: {south: 51, north: 52, west: 6, east: 7.5}
//       serving_segw: segw.north.example
//       serving_hms: https://hms.north.example/
//       gateway: 10.0.0.7
//       admin_state: true
//       periodic_inform_interval_s: 300  # 0 switches it off
//       parameter_key: north-1
//       get: ["{control}OpState"]
//       set: {"{root}DeviceInfo.ProvisioningCode": north}
//     - name: elsewhere
//       refuse: cwmp_fault               # or http_status, no_serving_elements
//       refusal_text: this location is not served
namespace hnbemu::hms {

// Reports what is wrong with it to `problems`.
Config read_config(const config::yaml::Node& node, config::yaml::Problems& problems);
Result<Config> load_config(const std::string& file);

}  // namespace hnbemu::hms
