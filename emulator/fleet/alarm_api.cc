#include "fleet/alarm_api.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "fleet/report.h"

namespace hnbemu::fleet {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kMaxObject = 512;  // TR-196 ManagedObjectInstance

std::optional<config::Severity> severity_of(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames{"critical", "major", "minor", "warning", "indeterminate"};
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<config::Severity>(found - kNames.begin());
}

object current_json(const alarms::Alarm& alarm) {
  return {{"alarm", alarm.identifier},
          {"severity", to_string(alarm.severity)},
          {"type", alarm.definition->event_type},
          {"cause", alarm.definition->probable_cause},
          {"problem", alarm.definition->specific_problem},
          {"object", alarm.managed_object},
          {"text", alarm.text},
          {"raised", to_date_time(alarm.raised)},
          {"changed", to_date_time(alarm.changed)}};
}

}  // namespace

object counts_json(const device::Device& device) {
  const auto& counts = device.alarms().counts();
  return {{"raised", counts.raised},
          {"changed", counts.changed},
          {"cleared", counts.cleared},
          {"disabled", counts.disabled},
          {"overridden", counts.overridden},
          {"replaced", counts.replaced},
          {"lost", counts.lost},
          {"refused", counts.refused},
          {"generator_dropped", device.alarms_not_generated()}};
}

object alarms_json(const device::Device& device) {
  const auto& alarms = device.alarms();
  array current, supported, recent;
  for (const auto& [key, alarm] : alarms.raised()) current.push_back(current_json(alarm));
  for (const auto& alarm : alarms.catalogue()) {
    supported.push_back(object{{"alarm", alarm.identifier},
                               {"severity", to_string(alarm.severity)},
                               {"mechanism", to_string(alarms.mechanism(alarm)).substr(2)},
                               {"type", alarm.event_type},
                               {"cause", alarm.probable_cause},
                               {"problem", alarm.specific_problem},
                               {"raised_by", alarm.cause}});
  }
  for (const auto& record : device.alarm_journal().records()) recent.push_back(alarm_json(record));
  return {{"alarms", std::move(current)},
          {"supported", std::move(supported)},
          {"recent", std::move(recent)},
          {"counts", counts_json(device)}};
}

Result<alarms::Order> read_order(const object& body) {
  alarms::Order order;
  const auto text = [&](std::string_view key) -> std::optional<std::string> {
    const auto* const value = body.if_contains(key);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->as_string());
  };
  using Kind = alarms::Order::Kind;
  const auto kind = text("order").value_or("");
  const auto alarm = text("alarm").value_or("");
  const bool known = kind == "raise" || kind == "change" || kind == "clear";
  if (!known || alarm.empty())
    return fail(Cause::configuration, R"({"order": "raise", "change" or "clear", "alarm": identifier} is wanted)");
  order.kind = kind == "raise" ? Kind::raise : kind == "change" ? Kind::change : Kind::clear;
  order.alarm = alarm;
  order.object = text("object").value_or("");
  while (order.object.ends_with('.')) order.object.pop_back();
  if (order.object.size() > kMaxObject)
    return fail(Cause::configuration, fmt::format("'object' has at most {} characters", kMaxObject));
  order.text = text("text");
  if (const auto severity = text("severity")) {
    order.severity = severity_of(*severity);
    if (!order.severity)
      return fail(Cause::configuration,
                  fmt::format("'{}' is no severity: critical, major, minor, warning or indeterminate", *severity));
  }
  return order;
}

}  // namespace hnbemu::fleet
