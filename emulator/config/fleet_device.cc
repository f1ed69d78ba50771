#include <unistd.h>

#include "base/url.h"
#include "config/fleet_reader.h"
#include "config/profile.h"

namespace hnbemu::config {
void FleetReader::read_credentials(yaml::Map& map, DeviceConfig& device) {
  auto& files = device.credentials;
  for (const auto& [key, file] :
       {std::pair("certificate", &files.certificate), std::pair("key", &files.key), std::pair("ca", &files.ca)}) {
    const auto* const node = map.get(key);
    if (node == nullptr) continue;
    *file = (directory / yaml::read_text(*node, problems, key)).lexically_normal().string();
    if (!is_template(*file) && ::access(file->c_str(), R_OK) != 0) {
      problems.add(*node, fmt::format("cannot read {} file '{}'", key, *file));
    }
  }
  const bool some = !files.certificate.empty() || !files.key.empty() || !files.ca.empty();
  if (some && (files.certificate.empty() || files.key.empty() || files.ca.empty())) {
    problems.add(map.node(), "certificate, key and ca come together: one of them is missing");
  }
  for (const auto* const key : {"acs", "connection_request"}) {
    const auto* const node = map.get(key);
    if (node == nullptr) continue;
    yaml::Map login(*node, problems, key);
    const Login read{login.text("username"), login.text("password")};
    login.finish();
    if (std::string_view(key) == "acs") {
      device.acs = read;
    } else {
      device.connection_request = read;
    }
  }
}

// `true`, or what the gateway's NAT is like.
void FleetReader::read_nat(yaml::Map& map, DeviceConfig& device) {
  constexpr std::int64_t kMaxLifetime = 86'400;
  const auto* const node = map.get("behind_nat");
  if (node == nullptr) return;
  if (node->kind != yaml::Node::Kind::map) {
    device.nat.reset();
    if (map.flag("behind_nat", false)) device.nat.emplace();
    return;
  }
  yaml::Map nat(*node, problems, "behind_nat");
  device.nat = NatSettings{nat.integer("udp_lifetime_s", {1, kMaxLifetime}, 0)};
  nat.finish();
}

// The keys that a group and an override of one device have in common.
void FleetReader::read_device(yaml::Map& map, DeviceConfig& device) {
  device.mac = map.text("mac", device.mac);
  device.oui = map.text("oui", device.oui);
  const auto* const present = device.outer_by_dhcp ? kByDhcp : "static";
  device.outer_by_dhcp = map.choice("outer_address", {"static", kByDhcp}, present) == kByDhcp;
  device.initial_segw = map.text("initial_segw", device.initial_segw);
  for (const auto& [key, url] :
       {std::pair("initial_hms", &device.initial_hms), std::pair("serving_hms", &device.serving_hms)}) {
    const auto* const node = map.get(key);
    if (node == nullptr) continue;
    *url = yaml::read_text(*node, problems, key);
    if (*url == kByDhcp) continue;
    if (const auto parsed = Url::parse(*url); !parsed) problems.add(*node, parsed.error().detail);
  }
  if (const auto* node = map.get("location")) {
    yaml::Map place(*node, problems, "location");
    Location location;
    location.latitude = place.number("latitude", {-90, 90}, 0);
    location.longitude = place.number("longitude", {-180, 180}, 0);
    place.finish();
    device.location = location;
  }
  if (const auto* node = map.get("alarms")) device.alarms = read_alarm_generation(*node, "alarms", problems);
  read_nat(map, device);
  read_credentials(map, device);
}

}  // namespace hnbemu::config
