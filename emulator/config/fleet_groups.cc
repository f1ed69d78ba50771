#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "base/url.h"
#include "config/fleet_reader.h"
#include "config/profile.h"
#include "config/suggest.h"

namespace hnbemu::config {
namespace {

constexpr std::size_t kMaxSerialLength = 64;  // TR-069 A.3.1, DeviceIdStruct
constexpr std::size_t kMaxLoginLength = 256;  // TR-098, ManagementServer
constexpr std::int64_t kMaxDpdDelay = 86'400;
constexpr std::size_t kMaxPskBytes = 1'024;
constexpr std::string_view kInitialSegw = "segw-initial.operator.example";
constexpr std::string_view kInitialHms = "https://hms-initial.operator.example:7547/cwmp";

// "{index}", "{index:04}" and "{index:06x}": the device's number in its group, from 1, with leading zeros.
std::string expand_index(std::string_view pattern, std::size_t index) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto end = pattern.find('}', i);
    const auto body = pattern.substr(i, end == std::string_view::npos ? 0 : end - i + 1);
    const bool hex = body.size() == 11 && body[9] == 'x';
    if (body == "{index}") {
      out += fmt::to_string(index);
    } else if ((body.size() == 10 || hex) && body.starts_with("{index:0") && body[8] >= '1' && body[8] <= '9') {
      out += hex ? fmt::format("{:0{}X}", index, body[8] - '0') : fmt::format("{:0{}}", index, body[8] - '0');
    } else {
      out += pattern[i++];
      continue;
    }
    i = end + 1;
  }
  return out;
}

// FNV-1a: the same on every machine, which std::hash need not be.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

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

// Locally administered, and the same at each run of the same fleet.
std::string mac_of(std::uint64_t seed) {
  const auto byte = [&](unsigned shift) { return seed >> shift & 0xff; };
  return fmt::format("02:{:02X}:{:02X}:{:02X}:{:02X}:{:02X}", byte(32), byte(24), byte(16), byte(8), byte(0));
}

}  // namespace

// `lab` and `none` are words; a SeGW of the user's own is a map.
void FleetReader::read_ipsec(const yaml::Node* node, DeviceConfig& device) {
  const bool direct = !device.serving_hms.empty();  // no Initial HMS
  std::string segw;
  std::string serving_segw;
  if (node == nullptr || node->kind != yaml::Node::Kind::map) {
    const auto word = node == nullptr ? "lab" : yaml::read_text(*node, problems, "ipsec");
    if (word != "lab" && word != "none") {
      problems.add(*node,
                   fmt::format("'{}': lab, none, or a map with segw and what the device agrees on with it", word));
    }
    if (word == "lab") segw = direct ? fleet.lab.serving_segw : std::string(kInitialSegw);
  } else {
    yaml::Map map(*node, problems, "ipsec");
    segw = map.required_text("segw");
    serving_segw = map.text("serving_segw");
    auto& ike = device.ike;
    ike.local_id = map.text("local_id");
    ike.remote_id = map.text("remote_id");
    ike.psk = map.text("psk");
    ike.ike_proposals = map.texts("ike_proposals");
    ike.esp_proposals = map.texts("esp_proposals");
    for (const auto& text : map.texts("remote_ts")) {
      const auto prefix = Prefix::parse(text);
      if (!prefix) problems.add(*node, prefix.error().detail);
      ike.remote_ts.push_back(prefix.value_or(Prefix{}));
    }
    ike.dpd_delay_s = map.integer("dpd_delay_s", {1, kMaxDpdDelay}, ike.dpd_delay_s);
    if (ike.psk.size() > kMaxPskBytes) problems.add(*node, fmt::format("a psk has at most {} bytes", kMaxPskBytes));
    map.finish();
  }
  device.initial_segw = direct ? "" : segw;
  device.serving_segw = direct ? segw : serving_segw;
}

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

// The keys that a group and an override of one device have in common.
void FleetReader::read_device(yaml::Map& map, DeviceConfig& device) {
  device.mac = map.text("mac", device.mac);
  device.oui = map.text("oui", device.oui);
  device.initial_segw = map.text("initial_segw", device.initial_segw);
  for (const auto& [key, url] :
       {std::pair("initial_hms", &device.initial_hms), std::pair("serving_hms", &device.serving_hms)}) {
    const auto* const node = map.get(key);
    if (node == nullptr) continue;
    *url = yaml::read_text(*node, problems, key);
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
  read_credentials(map, device);
}

void FleetReader::read_group(const yaml::Node& node) {
  yaml::Map map(node, problems, "a group");
  const auto name = map.required_text("name");
  DeviceConfig common;
  common.profile = map.required_text("profile");
  if (const auto* where = map.get("profile");
      where != nullptr && !common.profile.empty() &&
      std::find(profiles.begin(), profiles.end(), common.profile) == profiles.end()) {
    problems.add(*where, fmt::format("unknown profile '{}'{}; known: {}", common.profile,
                                     suggestion(common.profile, profiles), fmt::join(profiles, ", ")));
  }
  const auto count = static_cast<std::size_t>(map.integer("count", {1, static_cast<std::int64_t>(kMaxDevices)}, 1));
  common.serial = map.text("serial", name + "{index:06}");
  if (fleet.acs) common.serving_hms = fleet.acs->url;
  if (const auto* own = map.get("serving_hms")) common.serving_hms = yaml::read_text(*own, problems, "serving_hms");
  if (common.serving_hms.empty()) common.initial_hms = kInitialHms;
  read_ipsec(map.get("ipsec"), common);
  read_device(map, common);

  std::vector<DeviceConfig> devices(count, common);
  for (std::size_t i = 0; i < count; ++i) devices[i].id = fmt::format("{}-{:04}", name, i + 1);
  read_overrides(map.get("devices"), devices);
  map.finish();
  for (std::size_t i = 0; i < count && problems.list().size() < yaml::kMaxProblems; ++i) {
    fill_in(node, devices[i], i + 1);
    add(node, std::move(devices[i]));
  }
}

void FleetReader::read_overrides(const yaml::Node* node, std::vector<DeviceConfig>& devices) {
  for (const auto& item : yaml::items(node, problems, "devices")) {
    yaml::Map map(*item, problems, "a device");
    map.require("index");
    const auto index = map.integer("index", {1, static_cast<std::int64_t>(devices.size())}, 1);
    auto& device = devices[static_cast<std::size_t>(index - 1)];
    device.serial = map.text("serial", device.serial);
    if (const auto* ipsec = map.get("ipsec")) read_ipsec(ipsec, device);
    read_device(map, device);
    map.finish();
  }
}

// The texts of a group are templates: {index}, {id}, {serial}, {mac}, {oui}, in this order.
void FleetReader::fill_in(const yaml::Node& where, DeviceConfig& device, std::size_t index) {
  device.seed = fleet.seed * 0x9e3779b97f4a7c15u + hash_of(device.id);
  DeviceFields fields{{"id", device.id}};
  const auto fill = [&](std::string& text) {
    auto filled = expand(expand_index(text, index), fields);
    if (!filled) problems.add(where, filled.error().detail);
    text = filled.value_or("");
    return text;
  };
  fields["serial"] = fill(device.serial);
  if (device.mac.empty()) device.mac = mac_of(device.seed);
  fields["mac"] = fill(device.mac);
  if (!device.oui.empty()) fields["oui"] = fill(device.oui);
  if (device.connection_request.username.empty()) device.connection_request.username = device.serial;
  if (device.connection_request.password.empty()) {
    device.connection_request.password = fmt::format("{:016x}", hash_of(fmt::format("{} password", device.seed)));
  }
  for (auto* const text : {&device.connection_request.username, &device.connection_request.password,
                           &device.ike.local_id, &device.ike.psk, &device.initial_segw, &device.initial_hms}) {
    fill(*text);
  }
  if (device.acs) {
    fill(device.acs->username);
    fill(device.acs->password);
  }
  for (auto* const file : {&device.credentials.certificate, &device.credentials.key, &device.credentials.ca}) {
    if (!is_template(*file)) continue;
    fill(*file);
    if (::access(file->c_str(), R_OK) != 0) problems.add(where, fmt::format("{}: cannot read '{}'", device.id, *file));
  }
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
  claim(where, "serial", device.serial, device);
  claim(where, "mac", device.mac, device);
  if (!ids.insert(device.id).second)
    problems.add(where, fmt::format("duplicate device '{}': group names must differ", device.id));
  fleet.devices.push_back(std::move(device));
  if (fleet.devices.size() == kMaxDevices + 1)
    problems.add(where, fmt::format("more than {} devices in one fleet", kMaxDevices));
}

}  // namespace hnbemu::config
