#include "generators/fields.h"

#include <array>

namespace hnbemu::generators {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 15> kFacts{
    "outer_address",      "inner_address",          "gateway",          "dns_servers",
    "tunnel_state",       "tunnel_created",         "outer_bytes_sent", "outer_bytes_received",
    "outer_packets_sent", "outer_packets_received", "inner_bytes_sent", "inner_bytes_received",
    "inner_packets_sent", "inner_packets_received", "memory_kib"};
static_assert(kFacts.size() == static_cast<std::size_t>(Fact::memory_kib) + 1);

}  // namespace

std::string_view to_string(Fact fact) {
  return kFacts[static_cast<std::size_t>(fact)];
}

std::vector<std::string> fact_names() {
  return {kFacts.begin(), kFacts.end()};
}

std::optional<Fact> fact_named(std::string_view name) {
  const auto* const found = std::find(kFacts.begin(), kFacts.end(), name);
  if (found == kFacts.end()) return std::nullopt;
  return static_cast<Fact>(found - kFacts.begin());
}

config::DeviceFields known_fields() {
  config::DeviceFields fields{{"index", ""}};
  for (const auto name : config::kDeviceFields) fields.emplace(name, "");
  for (const auto name : kFacts) fields.emplace(name, "");
  return fields;
}

config::DeviceFields uptime_fields(Seconds since_boot) {
  const auto seconds = since_boot.count();
  const auto h = seconds / 3600 % 24;
  const auto m = seconds / 60 % 60;
  const auto s = seconds % 60;
  return {{"d", fmt::to_string(seconds / 86'400)},
          {"h", fmt::to_string(h)},
          {"m", fmt::to_string(m)},
          {"s", fmt::to_string(s)},
          {"hh", fmt::format("{:02}", h)},
          {"mm", fmt::format("{:02}", m)},
          {"ss", fmt::format("{:02}", s)}};
}

}  // namespace hnbemu::generators
