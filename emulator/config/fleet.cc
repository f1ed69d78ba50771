#include "config/fleet.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "base/url.h"
#include "config/suggest.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxSeed = INT64_MAX;
constexpr std::size_t kMaxIdLength = 32;
constexpr std::size_t kMaxSerialLength = 64;  // TR-069 A.3.1, DeviceIdStruct

// "{index}" and "{index:04}": the device's number in its group, from 1, with leading zeros.
std::string expand(std::string_view pattern, std::size_t index) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto end = pattern.find('}', i);
    const auto body = pattern.substr(i, end == std::string_view::npos ? 0 : end - i + 1);
    if (body == "{index}") {
      out += fmt::to_string(index);
    } else if (body.size() == 10 && body.starts_with("{index:0") && body[8] >= '1' && body[8] <= '9') {
      out += fmt::format("{:0{}}", index, body[8] - '0');
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

struct Reader {
  yaml::Problems& problems;
  const std::vector<std::string>& profiles;
  std::filesystem::path directory;
  Fleet fleet{};
  std::map<std::string, std::string> serial_places{};  // serial -> where it was first given
  std::set<std::string> ids{};

  void read_fleet(const yaml::Node* node);
  void read_lab(const yaml::Node* node);
  std::vector<LabServer> read_servers(const yaml::Node* node, std::string_view what);
  void read_group(const yaml::Node& node);
  void read_overrides(const yaml::Node* node, std::vector<DeviceConfig>& devices);
  void read_device(yaml::Map& map, DeviceConfig& device);
  void add(const yaml::Node& where, DeviceConfig device);
  Prefix read_prefix(yaml::Map& map, std::string_view key, Prefix fallback);
  std::string read_file_name(yaml::Map& map, std::string_view key, const std::string& fallback);
  void check_pools(const yaml::Node& root);
};

Prefix Reader::read_prefix(yaml::Map& map, std::string_view key, Prefix fallback) {
  const auto* node = map.get(key);
  if (node == nullptr) return fallback;
  const auto prefix = Prefix::parse(yaml::read_text(*node, problems, key));
  if (prefix && prefix->address.family() == IpAddress::Family::v4) return *prefix;
  problems.add(*node, prefix ? "only IPv4 pools for now" : prefix.error().detail);
  return fallback;
}

std::string Reader::read_file_name(yaml::Map& map, std::string_view key, const std::string& fallback) {
  const auto* node = map.get(key);
  if (node == nullptr) return fallback;
  const auto name = (directory / yaml::read_text(*node, problems, key)).lexically_normal().string();
  if (::access(name.c_str(), R_OK) != 0) problems.add(*node, fmt::format("cannot read {} file '{}'", key, name));
  return name;
}

void Reader::read_fleet(const yaml::Node* node) {
  if (node == nullptr) return;
  yaml::Map map(*node, problems, "fleet");
  fleet.name = map.text("name", fleet.name);
  fleet.seed = static_cast<std::uint64_t>(map.integer("seed", {0, kMaxSeed}, 1));
  fleet.start_rate_per_s = map.number("start_rate_per_s", {0.01, 1000}, fleet.start_rate_per_s);
  const auto legal = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
  if (fleet.name.empty() || fleet.name.size() > kMaxIdLength ||
      !std::all_of(fleet.name.begin(), fleet.name.end(), legal)) {
    problems.add(*node, fmt::format("fleet name '{}': 1 to {} letters, digits, '-' and '_'", fleet.name, kMaxIdLength));
  }
  map.finish();
}

std::vector<LabServer> Reader::read_servers(const yaml::Node* node, std::string_view what) {
  std::vector<LabServer> servers;
  for (const auto& item : yaml::items(node, problems, what)) {
    yaml::Map map(*item, problems, what);
    LabServer server;
    server.name = map.required_text("name");
    server.certificate = map.choice("certificate", {"good", "other-name", "other-authority", "expired"}, "good");
    server.silent = map.flag("silent", false);
    server.in_dns = map.flag("in_dns", true);
    map.finish();
    servers.push_back(std::move(server));
  }
  return servers;
}

void Reader::read_lab(const yaml::Node* node) {
  if (node == nullptr) return;
  auto& lab = fleet.lab;
  yaml::Map map(*node, problems, "lab");
  lab.outer_pool = read_prefix(map, "outer_pool", lab.outer_pool);
  lab.inner_pool = read_prefix(map, "inner_pool", lab.inner_pool);
  lab.serving_is_initial = map.flag("serving_is_initial", false);
  lab.serving_segw = map.text("serving_segw", lab.serving_segw);
  lab.serving_hms = map.text("serving_hms", lab.serving_hms);
  lab.gateway = map.text("gateway");
  lab.refused_serials = map.texts("refused_serials");
  lab.more_segws = read_servers(map.get("segws"), "segws");
  lab.more_hmss = read_servers(map.get("hmss"), "hmss");
  map.finish();
}

// The keys that a group and an override of one device have in common.
void Reader::read_device(yaml::Map& map, DeviceConfig& device) {
  device.initial_segw = map.text("initial_segw", device.initial_segw);
  if (const auto* node = map.get("initial_hms")) {
    device.initial_hms = yaml::read_text(*node, problems, "initial_hms");
    const auto url = Url::parse(device.initial_hms);
    if (!url) problems.add(*node, url.error().detail);
  }
  if (const auto* node = map.get("location")) {
    yaml::Map place(*node, problems, "location");
    Location location;
    location.latitude = place.number("latitude", {-90, 90}, 0);
    location.longitude = place.number("longitude", {-180, 180}, 0);
    place.finish();
    device.location = location;
  }
  auto& files = device.credentials;
  files.certificate = read_file_name(map, "certificate", files.certificate);
  files.key = read_file_name(map, "key", files.key);
  files.ca = read_file_name(map, "ca", files.ca);
  const bool some = !files.certificate.empty() || !files.key.empty() || !files.ca.empty();
  if (some && (files.certificate.empty() || files.key.empty() || files.ca.empty())) {
    problems.add(map.node(), "certificate, key and ca come together: one of them is missing");
  }
}

void Reader::read_group(const yaml::Node& node) {
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
  const auto serial = map.text("serial", name + "{index:06}");
  const auto ipsec = map.choice("ipsec", {"lab", "none"}, "lab");
  common.initial_segw = ipsec == "lab" ? "segw-initial.operator.example" : "";
  common.initial_hms = "https://hms-initial.operator.example:7547/cwmp";
  read_device(map, common);

  std::vector<DeviceConfig> devices(count, common);
  for (std::size_t i = 0; i < count; ++i) {
    devices[i].id = fmt::format("{}-{:04}", name, i + 1);
    devices[i].serial = expand(serial, i + 1);
  }
  read_overrides(map.get("devices"), devices);
  map.finish();
  for (auto& device : devices) {
    if (problems.list().size() >= yaml::kMaxProblems) break;
    add(node, std::move(device));
  }
}

void Reader::read_overrides(const yaml::Node* node, std::vector<DeviceConfig>& devices) {
  for (const auto& item : yaml::items(node, problems, "devices")) {
    yaml::Map map(*item, problems, "a device");
    map.require("index");
    const auto index = map.integer("index", {1, static_cast<std::int64_t>(devices.size())}, 1);
    auto& device = devices[static_cast<std::size_t>(index - 1)];
    device.serial = map.text("serial", device.serial);
    read_device(map, device);
    map.finish();
  }
}

void Reader::add(const yaml::Node& where, DeviceConfig device) {
  if (device.serial.empty() || device.serial.size() > kMaxSerialLength) {
    problems.add(where,
                 fmt::format("serial '{}' of {}: 1 to {} characters", device.serial, device.id, kMaxSerialLength));
  }
  const auto [first, is_new] =
      serial_places.try_emplace(device.serial, fmt::format("{} of the group at {}", device.id, problems.place(where)));
  if (!is_new) {
    problems.add(where, fmt::format("duplicate serial '{}' of {}: {} has it already; put {{index}} into the serial",
                                    device.serial, device.id, first->second));
  }
  if (!ids.insert(device.id).second)
    problems.add(where, fmt::format("duplicate device '{}': group names must differ", device.id));
  device.seed = fleet.seed * 0x9e3779b97f4a7c15u + hash_of(device.id);
  fleet.devices.push_back(std::move(device));
  if (fleet.devices.size() == kMaxDevices + 1)
    problems.add(where, fmt::format("more than {} devices in one fleet", kMaxDevices));
}

void Reader::check_pools(const yaml::Node& root) {
  const auto room = [](const Prefix& pool, std::uint64_t per_device) {
    return (std::uint64_t{1} << (32 - pool.length)) / per_device;
  };
  const auto check = [&](std::string_view key, const Prefix& pool, std::uint64_t fits) {
    if (fits >= fleet.devices.size()) return;
    const auto* where = &root;
    for (const auto& [name, node] : root.entries) {
      if (name->text != "lab") continue;
      where = node.get();
      for (const auto& [inner, value] : node->entries) {
        if (inner->text == key) where = value.get();
      }
    }
    problems.add(*where, fmt::format("{} {} has room for {} devices, the fleet has {}", key, pool.to_string(), fits,
                                     fleet.devices.size()));
  };
  check("outer_pool", fleet.lab.outer_pool, room(fleet.lab.outer_pool, 2));
  // Half of the pool for each of the two SeGWs, less the network's own and the last address.
  const auto half = room(fleet.lab.inner_pool, 2);
  check("inner_pool", fleet.lab.inner_pool, half > 2 ? half - 2 : 0);
}

}  // namespace

Result<Fleet> load_fleet(const std::string& file, const std::vector<std::string>& profiles) {
  const auto root = yaml::load(file);
  if (!root) return tl::unexpected(root.error());
  yaml::Problems problems(file);
  Reader reader{problems, profiles, std::filesystem::path(file).parent_path()};
  yaml::Map map(**root, problems, "a fleet file");
  reader.read_fleet(map.get("fleet"));
  reader.read_lab(map.get("lab"));
  const auto* groups = map.require("groups");
  for (const auto& group : yaml::items(groups, problems, "groups")) reader.read_group(*group);
  map.finish();
  if (problems.empty() && reader.fleet.devices.empty())
    problems.add(**root, "the fleet has no device: groups is empty");
  if (problems.empty()) reader.check_pools(**root);
  if (!problems.empty()) return fail(Cause::configuration, fmt::format("{}", fmt::join(problems.list(), "\n")));
  return std::move(reader.fleet);
}

}  // namespace hnbemu::config
