#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "config/fleet_reader.h"
#include "config/profile.h"
#include "config/suggest.h"

namespace hnbemu::config {
namespace {

constexpr std::size_t kMaxSerialLength = 64;  // TR-069 A.3.1, DeviceIdStruct
constexpr std::size_t kMaxLoginLength = 256;  // TR-098, ManagementServer
constexpr std::string_view kInitialHms = "https://hms-initial.operator.example:7547/cwmp";

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return std::isxdigit(static_cast<unsigned char>(c)); });
}

bool is_mac(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    if (!is_hex(text.substr(i, 2)) || (i > 0 && text[i - 1] != ':')) return false;
  }
  return true;
}

}  // namespace

void FleetReader::read_group(const yaml::Node& node) {
  yaml::Map map(node, problems, "a group");
  const auto name = map.required_text("name");
  if (const auto* const given = map.get("name"); given != nullptr && !name.empty() && !is_plain_name(name)) {
    // A device's id, which begins with it, names a directory.
    problems.add(*given, fmt::format("group name '{}': 1 to {} letters, digits, '-' and '_'", name, kMaxNameLength));
  }
  DeviceConfig common;
  common.profile = map.required_text("profile");
  const auto* const where = map.get("profile");
  if (where != nullptr && is_profile_file(common.profile)) {
    common.profile = (directory / common.profile).lexically_normal().string();
    if (common.profile.find('/') == std::string::npos) common.profile.insert(0, "./");
    if (::access(common.profile.c_str(), R_OK) != 0)
      problems.add(*where, fmt::format("cannot read profile file '{}'", common.profile));
  } else if (where != nullptr && !common.profile.empty() &&
             std::find(profiles.begin(), profiles.end(), common.profile) == profiles.end()) {
    problems.add(*where, fmt::format("unknown profile '{}'{}; known: {}", common.profile,
                                     suggestion(common.profile, profiles), fmt::join(profiles, ", ")));
  }
  const auto count = static_cast<std::size_t>(map.integer("count", {1, static_cast<std::int64_t>(kMaxDevices)}, 1));
  common.serial = map.text("serial", name + "{index:06}");
  if (fleet.acs) common.serving_hms = fleet.acs->url;
  if (const auto* own = map.get("serving_hms")) common.serving_hms = yaml::read_text(*own, problems, "serving_hms");
  if (common.serving_hms.empty()) common.initial_hms = kInitialHms;
  const auto* const ipsec = map.get("ipsec");
  read_ipsec(ipsec, common, false);
  read_device(map, common);

  std::vector<DeviceConfig> devices(count, common);
  for (std::size_t i = 0; i < count; ++i) devices[i].id = fmt::format("{}-{:04}", name, i + 1);
  std::vector<const yaml::Node*> given_at(count, &node);
  own_segw = ipsec != nullptr && ipsec->kind == yaml::Node::Kind::map;
  for (const auto& item : yaml::items(map.get("devices"), problems, "devices")) {
    read_override(*item, node, devices, given_at);
  }
  map.finish();
  for (std::size_t i = 0; i < count && problems.list().size() < yaml::kMaxProblems; ++i) {
    fill_in(*given_at[i], devices[i], i + 1);
    add(*given_at[i], std::move(devices[i]));
  }
}

// `given_at`: where each device's texts stand, for errors.
void FleetReader::read_override(const yaml::Node& node, const yaml::Node& group, std::vector<DeviceConfig>& devices,
                                std::vector<const yaml::Node*>& given_at) {
  yaml::Map map(node, problems, "a device");
  map.require("index");
  const auto index = static_cast<std::size_t>(map.integer("index", {1, static_cast<std::int64_t>(devices.size())}, 1));
  auto& device = devices[index - 1];
  auto*& place = given_at[index - 1];
  if (place != &group) {
    problems.add(node, fmt::format("device {} of the group is at {} already", index, problems.place(*place)));
  }
  place = &node;
  device.serial = map.text("serial", device.serial);
  if (const auto* ipsec = map.get("ipsec")) read_ipsec(ipsec, device, own_segw);
  read_device(map, device);
  map.finish();
}

void FleetReader::claim(const yaml::Node& where, std::string_view what, const std::string& value,
                        const DeviceConfig& device) {
  const auto [first, is_new] = places.try_emplace(
      fmt::format("{} {}", what, value), fmt::format("{} of the group at {}", device.id, problems.place(where)));
  if (is_new) return;
  problems.add(where, fmt::format("duplicate {} '{}' of {}: {} has it already; put {{index}} into the {}", what, value,
                                  device.id, first->second, what));
}

void FleetReader::add(const yaml::Node& where, DeviceConfig device) {
  if (device.serial.empty() || device.serial.size() > kMaxSerialLength) {
    problems.add(where,
                 fmt::format("serial '{}' of {}: 1 to {} characters", device.serial, device.id, kMaxSerialLength));
  }
  if (!is_mac(device.mac)) {
    problems.add(where,
                 fmt::format("mac '{}' of {} is not six bytes such as 02:00:5E:00:00:01", device.mac, device.id));
  }
  if (!device.oui.empty() && (device.oui.size() != 6 || !is_hex(device.oui))) {
    problems.add(where, fmt::format("oui '{}' of {} is not six hexadecimal digits", device.oui, device.id));
  }
  for (const auto& login : {device.connection_request, device.acs.value_or(Login{})}) {
    if (login.username.size() > kMaxLoginLength || login.password.size() > kMaxLoginLength) {
      problems.add(where,
                   fmt::format("{}: a user name or password has at most {} characters", device.id, kMaxLoginLength));
    }
  }
  check_dhcp(where, device);
  claim(where, "serial", device.serial, device);
  claim(where, "mac", device.mac, device);
  if (!ids.insert(device.id).second)
    problems.add(where, fmt::format("duplicate device '{}': group names must differ", device.id));
  fleet.devices.push_back(std::move(device));
  if (fleet.devices.size() == kMaxDevices + 1)
    problems.add(where, fmt::format("more than {} devices in one fleet", kMaxDevices));
}

}  // namespace hnbemu::config
