#pragma once

#include "base/time.h"
#include "config/yaml.h"

namespace hnbemu::config {

// How a femtocell comes into service where its specification leaves the choice to it.
struct Ways {
  // TS 32.583 5.1.1 step 9, TS 32.593 5.1.2.2 step 5: the tunnel to the Initial SeGW "may be destroyed".
  bool keep_initial_tunnel = false;
  // TS 32.593 5.1.2.2: its step 6.4 asks a public DNS for the Serving HeMS, its step 6.5 is answered by a private one.
  bool public_dns_for_serving_hems = false;
  // Where the data model has no UseForCWMP: the Serving HMS is reached over the access network, not through the tunnel.
  bool serving_hms_outside = false;
  // A Serving HMS that has been gone for so long makes the device ask the Initial HMS again; 0: never.
  Seconds back_to_initial{0};
};

Ways read_ways(const yaml::Node& node, yaml::Problems& problems);

}  // namespace hnbemu::config
