#pragma once

#include <filesystem>
#include <set>

#include "config/fleet.h"

namespace hnbemu::config {

// Of a fleet or group: it names directories.
inline constexpr std::size_t kMaxNameLength = 32;
bool is_plain_name(std::string_view name);

// What a fleet file is made into, piece by piece.
struct FleetReader {
  yaml::Problems& problems;
  const std::vector<std::string>& profiles;
  std::filesystem::path directory;
  Fleet fleet{};
  std::map<std::string, std::string> places{};  // "serial X" -> who has it already
  std::set<std::string> ids{};
  bool own_segw = false;  // of the group that is being read

  void read_fleet(const yaml::Node* node);
  void read_lab(const yaml::Node* node);
  void read_radio_map(yaml::Map& lab);
  void read_dhcp(const yaml::Node* node);
  void check_dhcp(const yaml::Node& where, const DeviceConfig& device);
  void read_ways(yaml::Map& lab);
  void read_acs(const yaml::Node* node);
  std::vector<LabServer> read_servers(const yaml::Node* node, std::string_view what);
  void read_group(const yaml::Node& node);
  void read_override(const yaml::Node& node, const yaml::Node& group, std::vector<DeviceConfig>& devices,
                     std::vector<const yaml::Node*>& given_at);
  void read_device(yaml::Map& map, DeviceConfig& device);
  void read_ipsec(const yaml::Node* node, DeviceConfig& device, bool inherits);
  void read_ike_times(yaml::Map& map, IkeSettings& ike);
  void read_own_segw(const yaml::Node& node, DeviceConfig& device, bool inherits);
  void read_nat(yaml::Map& map, DeviceConfig& device);
  void read_credentials(yaml::Map& map, DeviceConfig& device);
  void fill_in(const yaml::Node& where, DeviceConfig& device, std::size_t index);
  void add(const yaml::Node& where, DeviceConfig device);
  void claim(const yaml::Node& where, std::string_view what, const std::string& value, const DeviceConfig& device);
  Prefix read_prefix(yaml::Map& map, std::string_view key, Prefix fallback);
  void check_pools(const yaml::Node& root);
};

}  // namespace hnbemu::config
