#include "config/fleet_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "base/url.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxPmInterval = 604'800;
constexpr std::int64_t kMaxSeed = INT64_MAX;
constexpr std::int64_t kMaxTimeScale = 1000;

bool is_host_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameLength &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

Prefix FleetReader::read_prefix(yaml::Map& map, std::string_view key, Prefix fallback) {
  const auto* node = map.get(key);
  if (node == nullptr) return fallback;
  const auto text = yaml::read_text(*node, problems, key);
  const auto prefix = Prefix::parse(text);
  if (!prefix) {
    problems.add(*node, prefix.error().detail);
  } else if (prefix->address.family() != IpAddress::Family::v4) {
    problems.add(*node, "only IPv4 pools for now");
  } else if (text.find('/') == std::string::npos) {
    problems.add(*node, fmt::format("a pool needs the length of its prefix: {}/16", text));
  } else {
    return *prefix;
  }
  return fallback;
}

void FleetReader::read_fleet(const yaml::Node* node) {
  if (node == nullptr) return;
  yaml::Map map(*node, problems, "fleet");
  fleet.name = map.text("name", fleet.name);
  fleet.seed = static_cast<std::uint64_t>(map.integer("seed", {0, kMaxSeed}, 1));
  fleet.start_rate_per_s = map.number("start_rate_per_s", {0.01, 1000}, fleet.start_rate_per_s);
  fleet.time_scale = static_cast<unsigned>(map.integer("time_scale", {1, kMaxTimeScale}, 1));
  if (!is_plain_name(fleet.name)) {
    problems.add(*node,
                 fmt::format("fleet name '{}': 1 to {} letters, digits, '-' and '_'", fleet.name, kMaxNameLength));
  }
  map.finish();
}

std::vector<LabServer> FleetReader::read_servers(const yaml::Node* node, std::string_view what) {
  std::vector<LabServer> servers;
  for (const auto& item : yaml::items(node, problems, what)) {
    yaml::Map map(*item, problems, what);
    LabServer server;
    server.name = map.required_text("name");
    if (what == "hmss") server.serves = map.choice("role", {"initial", "serving"}, "initial") == "serving";
    server.certificate = map.choice("certificate", {"good", "other-name", "other-authority", "expired"}, "good");
    server.silent = map.flag("silent", false);
    server.in_dns = map.flag("in_dns", true);
    map.finish();
    servers.push_back(std::move(server));
  }
  return servers;
}

void FleetReader::read_lab(const yaml::Node* node) {
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
  lab.pm_interval_s = map.integer("pm_interval_s", {0, kMaxPmInterval}, 0);
  read_radio_map(map);
  read_dhcp(map.get("dhcp"));
  lab.ntp = map.flag("ntp", false);
  read_ways(map);
  lab.more_segws = read_servers(map.get("segws"), "segws");
  lab.more_hmss = read_servers(map.get("hmss"), "hmss");
  if (const auto* node_of_hosts = map.get("hosts")) {
    const yaml::Map hosts(*node_of_hosts, problems, "hosts");
    for (const auto& [name, value] : node_of_hosts->entries) {
      if (!is_host_name(name->text)) problems.add(*name, fmt::format("'{}' is no host name", name->text));
      const auto text = yaml::read_text(*value, problems, "hosts");
      const auto address = IpAddress::parse(text);
      if (!address) problems.add(*value, fmt::format("'{}' is no IP address", text));
      lab.hosts[name->text] = address.value_or(IpAddress{});
    }
  }
  map.finish();
}

void FleetReader::read_acs(const yaml::Node* node) {
  if (node == nullptr) return;
  yaml::Map map(*node, problems, "acs");
  AcsSettings acs;
  acs.url = map.required_text("url");
  const auto url = Url::parse(acs.url);
  if (!url) {
    problems.add(*node, url.error().detail);
  } else if (url->scheme != "http" && url->scheme != "https") {
    problems.add(*node, fmt::format("'{}': an ACS is reached by http or https", acs.url));
  }
  if (const auto* const ca = map.get("ca")) {
    acs.ca = (directory / yaml::read_text(*ca, problems, "ca")).lexically_normal().string();
    if (::access(acs.ca.c_str(), R_OK) != 0) problems.add(*ca, fmt::format("cannot read ca file '{}'", acs.ca));
  }
  map.finish();
  fleet.acs = std::move(acs);
}

void FleetReader::check_pools(const yaml::Node& root) {
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

namespace {

Result<Fleet> read(const yaml::Node& root, const std::string& name, const std::vector<std::string>& profiles) {
  yaml::Problems problems;
  FleetReader reader{problems, profiles, std::filesystem::path(name).parent_path()};
  yaml::Map map(root, problems, "a fleet file");
  reader.read_fleet(map.get("fleet"));
  reader.read_lab(map.get("lab"));
  reader.read_acs(map.get("acs"));
  reader.fleet.uplink = map.flag("uplink", false);
  const auto* groups = map.require("groups");
  for (const auto& group : yaml::items(groups, problems, "groups")) reader.read_group(*group);
  map.finish();
  if (problems.empty() && reader.fleet.devices.empty()) problems.add(root, "the fleet has no device: groups is empty");
  if (problems.empty()) reader.check_pools(root);
  if (reader.fleet.time_scale > 1 && reader.fleet.lab.ntp)
    problems.add(root, "time_scale and lab: {ntp: true}: an NTP server would set the devices' time back");
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return std::move(reader.fleet);
}

}  // namespace

Result<Fleet> load_fleet(const std::string& file, const std::vector<std::string>& profiles) {
  return yaml::load(file).and_then([&](const yaml::NodePtr& root) { return read(*root, file, profiles); });
}

Result<Fleet> parse_fleet(std::string_view text, const std::string& name, const std::vector<std::string>& profiles) {
  return yaml::parse(text, name).and_then([&](const yaml::NodePtr& root) { return read(*root, name, profiles); });
}

}  // namespace hnbemu::config
