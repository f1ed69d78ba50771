#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "statistics/sample_set.h"

namespace hnbemu::statistics {

// PeriodicStatistics of TR-157, wherever the device's root has it: sample sets over any parameter of the device. What
// was collected does not outlive the power; the sets, which the ACS made, do.
class PeriodicStatistics {
 public:
  static constexpr std::size_t kMaxSampleSets = 8;  // those after them stay Disabled
  static constexpr Seconds kMinSampleInterval{1};

  // `changed`: advance() is wanted now, since something was set. It is not called after this object is gone.
  PeriodicStatistics(datamodel::DataModel& model, std::function<void()> changed);

  void power_up();
  // Takes what is due. Gives when to call again at the latest.
  Deadline advance(const Now& now);

 private:
  void on_changes(std::span<const datamodel::Change> changes);

  datamodel::DataModel& model_;
  std::function<void()> changed_;
  std::string table_;                        // "" if the device has none
  std::map<std::uint32_t, SampleSet> sets_;  // by instance number
  std::set<std::uint32_t> forced_;           // by ForceSample, since advance()
};

}  // namespace hnbemu::statistics
