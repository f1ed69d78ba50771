#pragma once

#include <vector>

#include "base/time.h"
#include "config/yaml.h"

namespace hnbemu::config {

// Many alarms at once, that nothing in particular brings.
struct AlarmStorms {
  double per_day = 0;  // of a Poisson process; 0: never
  unsigned alarms = 40;
  Seconds within{60};
};

// Alarms that come by themselves, at random (AlarmChance). Without it none do.
struct AlarmGeneration {
  double rate = 1;                  // times the catalogue's per_day
  std::vector<double> day_curve{};  // 24 factors of that, from midnight UTC by the device's clock; empty: 1
  AlarmStorms storms{};
};

// `what` names the map in errors. What is wrong is reported.
AlarmGeneration read_alarm_generation(const yaml::Node& node, std::string_view what, yaml::Problems& problems);

}  // namespace hnbemu::config
