#pragma once

#include <optional>
#include <string>

#include "conformance/rule.h"

// What the tests about alarms share.
namespace hnbemu::conformance {

inline const std::string kFaults = "Device.FaultMgmt.";

inline void order(Device& of, alarms::Order::Kind kind, const std::string& alarm,
                  std::optional<std::string> text = {}) {
  ASSERT_EQ(of.device->order({kind, alarm, "", std::move(text)}), std::nullopt);
  of.run_for(Seconds{1});
}

}  // namespace hnbemu::conformance
