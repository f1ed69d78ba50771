#pragma once

#include <string>

#include "config/fleet.h"

namespace hnbemu::config {

// A fleet of one group, with these keys of its lab and of its group.
inline Result<Fleet> fleet_with(const std::string& lab, const std::string& group) {
  return parse_fleet("lab: {" + lab + "}\ngroups:\n  - {name: a, profile: cpe, " + group + "}\n", "f.yaml", {"cpe"});
}

// What is wrong with it; "" if nothing is.
inline std::string mistake(const std::string& lab, const std::string& group) {
  const auto fleet = fleet_with(lab, group);
  return fleet ? "" : fleet.error().detail;
}

}  // namespace hnbemu::config
