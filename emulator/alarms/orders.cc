#include "alarms/orders.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/suggest.h"

namespace hnbemu::alarms {
namespace {

using Refusal = std::optional<std::string>;

Refusal raise(FaultManagement& alarms, const Order& order, const AlarmKey& key, WallTime now) {
  if (alarms.definition(order.alarm) == nullptr) {
    if (alarms.catalogue().empty()) return "the device's profile has no alarms";
    std::vector<std::string> known;
    for (const auto& alarm : alarms.catalogue()) known.push_back(alarm.identifier);
    return fmt::format("the device has no alarm '{}' to raise{}; 'alarm list --supported' lists those that it has",
                       order.alarm, config::suggestion(order.alarm, known));
  }
  if (alarms.raised().contains(key))
    return fmt::format("alarm '{}' of {} is raised already; 'alarm change' changes it", order.alarm,
                       key.managed_object);
  if (alarms.raise(key, now, order.text.value_or(""), order.severity)) return std::nullopt;
  return fmt::format("{} alarms are raised: there is no room for more", alarms.raised().size());
}

}  // namespace

std::optional<std::string> carry_out(FaultManagement& alarms, const Order& order, const std::string& default_object,
                                     WallTime now) {
  if (order.text && order.text->size() > Order::kMaxText)
    return fmt::format("an alarm's text has at most {} bytes", Order::kMaxText);
  const bool printable = !order.text || std::ranges::none_of(*order.text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!printable) return "an alarm's text is one line without control characters";
  if (order.kind == Order::Kind::raise)
    return raise(alarms, order, {order.alarm, order.object.empty() ? default_object : order.object}, now);
  const auto found =
      std::ranges::find_if(alarms.raised(), [&](const auto& entry) { return entry.second.identifier == order.alarm; });
  if (found == alarms.raised().end())
    return fmt::format("alarm '{}' is not raised; 'alarm list' lists those that are", order.alarm);
  const auto key = found->first;
  if (order.kind == Order::Kind::clear) {
    alarms.clear(key, now);
    return std::nullopt;
  }
  if (!order.text && !order.severity) return "a change is one of the text or of the severity";
  const auto text = order.text.value_or(found->second.text);
  if (alarms.raise(key, now, text, order.severity.value_or(found->second.severity))) return std::nullopt;
  return fmt::format("alarm '{}' has this text and severity already", order.alarm);
}

}  // namespace hnbemu::alarms
