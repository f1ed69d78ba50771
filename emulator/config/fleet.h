#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "config/yaml.h"

namespace hnbemu::config {

inline constexpr std::size_t kMaxDevices = 20'000;  // of one fleet

// WGS 84, degrees.
struct Location {
  double latitude = 0;
  double longitude = 0;
};

// Files of a device's own credentials; all empty: the lab issues a factory certificate.
struct CredentialFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

struct DeviceConfig {
  std::string id;  // "hnb-0001": unique in the fleet
  std::string profile;
  std::string serial;        // unique in the fleet
  std::string initial_segw;  // FQDN or IP address; empty: no IPsec
  std::string initial_hms;   // URL
  std::optional<Location> location;
  CredentialFiles credentials;
  std::uint64_t seed = 0;  // of its random choices: the same fleet file, the same numbers
};

// A SeGW or HMS of the lab, with what is wrong with it on purpose.
struct LabServer {
  std::string name;
  std::string certificate = "good";  // good, other-name, other-authority, expired
  bool silent = false;
  bool in_dns = true;
};

// The operator's network that hnbemu makes. See profiles/fleets/demo.yaml.
struct LabSettings {
  Prefix outer_pool{IpAddress::v4(0x64400000), 10};  // 100.64.0.0/10: a /31 for each device
  Prefix inner_pool{IpAddress::v4(0x0a800000), 16};  // 10.128.0.0/16: tunnels
  std::string serving_segw = "segw-serving.operator.example";
  std::string serving_hms = "https://hms-serving.operator.example:7547/cwmp";
  bool serving_is_initial = false;
  std::string gateway;                       // HNB-GW or S1 far end that the HMS assigns; empty: none
  std::vector<std::string> refused_serials;  // globs: the Initial HMS refuses their location
  std::vector<LabServer> more_segws;         // beside segw-initial and segw-serving
  std::vector<LabServer> more_hmss;
};

struct Fleet {
  std::string name = "fleet";
  std::uint64_t seed = 1;
  double start_rate_per_s = 20;
  LabSettings lab;
  std::vector<DeviceConfig> devices;
};

// Reads and checks a fleet file. All problems of the file are in the error, one a line. `profiles` are the known names.
Result<Fleet> load_fleet(const std::string& file, const std::vector<std::string>& profiles);

}  // namespace hnbemu::config
