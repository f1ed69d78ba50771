#include "config/fleet_reader.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMinLease = 120;  // dnsmasq gives no shorter one
constexpr std::int64_t kMaxLease = 31'536'000;
constexpr std::size_t kMaxOption = 200;  // all four of TR-069 3.1 fit into one DHCP option
constexpr std::size_t kMaxProvisioningCode = 32;

}  // namespace

// lab: {dhcp: …}: what the access network's DHCP server gives.
void FleetReader::read_dhcp(const yaml::Node* node) {
  if (node == nullptr) return;
  auto& dhcp = fleet.lab.dhcp;
  yaml::Map map(*node, problems, "dhcp");
  dhcp.lease_s = map.integer("lease_s", {kMinLease, kMaxLease}, dhcp.lease_s);
  if (const auto* const url = map.get("acs_url")) {
    dhcp.acs_url = yaml::read_text(*url, problems, "acs_url");
    if (dhcp.acs_url->size() > kMaxOption) {
      problems.add(*url, fmt::format("acs_url: at most {} characters fit into the DHCP option", kMaxOption));
    }
  }
  const auto read_text = map.text("provisioning_code");
  if (read_text.size() > kMaxProvisioningCode) {
    problems.add(*node, fmt::format("provisioning_code: at most {} characters", kMaxProvisioningCode));
  }
  dhcp.provisioning_code = read_text;
  dhcp.retry_minimum_wait_interval = map.integer("retry_minimum_wait_interval_s", {0, 65'535}, 0);
  dhcp.retry_interval_multiplier = map.integer("retry_interval_multiplier", {0, 65'535}, 0);
  map.finish();
}

// The address of an ACS can be had from DHCP where DHCP is spoken.
void FleetReader::check_dhcp(const yaml::Node& where, const DeviceConfig& device) {
  const bool asks = device.initial_hms == kByDhcp || device.serving_hms == kByDhcp;
  if (asks && !device.outer_by_dhcp) {
    problems.add(where, fmt::format("{}: an HMS that comes by DHCP needs 'outer_address: dhcp'", device.id));
  }
  if (device.nat && device.outer_by_dhcp) {
    problems.add(where, fmt::format("{}: behind a NAT the outer address is the gateway's: leave 'outer_address: dhcp' "
                                    "or 'behind_nat' out",
                                    device.id));
  }
  if (device.initial_hms == kByDhcp && !device.serving_hms.empty()) {
    problems.add(where, fmt::format("{}: it goes to '{}' at once; write 'serving_hms: dhcp' instead of initial_hms",
                                    device.id, device.serving_hms));
  }
}

}  // namespace hnbemu::config
