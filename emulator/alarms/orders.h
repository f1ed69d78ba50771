#pragma once

#include <optional>
#include <string>

#include "alarms/fault_management.h"

namespace hnbemu::alarms {

// What a device's owner wants of its alarms.
struct Order {
  enum class Kind : std::uint8_t { raise, change, clear };
  static constexpr std::size_t kMaxText = 256;  // TR-196 AdditionalText
  Kind kind = Kind::raise;
  std::string alarm;   // raise: in the catalogue; else its AlarmIdentifier
  std::string object;  // raise: path of what it is about in the data model; "": `default_object`
  std::optional<std::string> text{};
  std::optional<config::Severity> severity{};
};

// Nothing, or why it cannot be, in which case nothing has changed.
std::optional<std::string> carry_out(FaultManagement& alarms, const Order& order, const std::string& default_object,
                                     WallTime now);

}  // namespace hnbemu::alarms
