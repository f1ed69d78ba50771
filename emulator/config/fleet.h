#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "config/alarm_generation.h"
#include "config/radio_map.h"
#include "config/yaml.h"

namespace hnbemu::config {

inline constexpr std::size_t kMaxDevices = 20'000;  // of one fleet

// Files of a device's own credentials; all empty: the lab issues a factory certificate.
struct CredentialFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

// What the device and its SeGW must agree on (RFC 7296).
struct IkeSettings {
  std::string local_id;                    // IDi; empty: the name in the factory certificate
  std::string remote_id;                   // IDr; empty: the SeGW's FQDN or address, as configured
  std::string psk;                         // empty: certificates
  std::vector<std::string> ike_proposals;  // strongSwan's notation; empty: the defaults
  std::vector<std::string> esp_proposals;
  std::vector<Prefix> remote_ts;  // empty: 0.0.0.0/0
  std::int64_t dpd_delay_s = 20;
  // How old the device lets an SA become (RFC 7296 2.8), in seconds; 0: charon's own, for reauth_s never.
  std::int64_t ike_rekey_s = 0;
  std::int64_t child_rekey_s = 0;
  std::int64_t reauth_s = 0;
};

struct Login {
  std::string username;
  std::string password;
};

// A home gateway of the device's own, with a NAT (`behind_nat`).
struct NatSettings {
  std::int64_t udp_lifetime_s = 0;  // of a UDP binding that is not used; 0: as the kernel has it
};
inline constexpr const char* kByDhcp = "dhcp";  // instead of an HMS's URL: DHCP gives it (TR-069 3.1)

struct DeviceConfig {
  std::string id;  // "hnb-0001": unique in the fleet
  std::string profile;
  std::string serial;          // unique in the fleet
  std::string mac;             // "02:00:5E:00:00:01": unique in the fleet
  std::string oui;             // "02A1B2"; empty: the profile's
  bool outer_by_dhcp = false;  // its address in the access network; else it is static
  // FQDNs or IP addresses, and URLs or kByDhcp. With an Initial HMS the device finds its serving elements by discovery;
  // without one it goes to the serving ones at once. A SeGW that is empty: no IPsec.
  std::string initial_segw;
  std::string initial_hms;
  std::string serving_segw;
  std::string serving_hms;
  IkeSettings ike;
  std::optional<Login> acs;  // of the device with its ACS; none: the profile's
  Login connection_request;  // of the ACS with the device
  std::optional<Location> location;
  CredentialFiles credentials;
  std::optional<AlarmGeneration> alarms;  // none: the profile's
  std::optional<NatSettings> nat;         // none: it is on the access network itself
  std::uint64_t seed = 0;                 // of its random choices: the same fleet file, the same numbers
};

// A SeGW or HMS of the lab, with what is wrong with it on purpose.
struct LabServer {
  std::string name;
  bool serves = false;               // of an HMS: a Serving one, else another Initial one
  std::string certificate = "good";  // good, other-name, other-authority, expired
  bool silent = false;
  bool in_dns = true;
};

// What the DHCP server of the access network gives.
struct DhcpOptions {
  std::int64_t lease_s = 3600;
  std::optional<std::string> acs_url;  // none: the fleet's ACS or the lab's Initial HMS; "": it says nothing of an ACS
  std::string provisioning_code;
  std::int64_t retry_minimum_wait_interval = 0;  // seconds; 0: not told, and so the next
  std::int64_t retry_interval_multiplier = 0;
};

// Where the Initial HMS assigns other serving elements, or none (TS 32.583 4.2.1.1). Empty texts: the lab's.
struct ServingArea {
  std::string name;
  double south = -90, north = 90, west = -180, east = 180;  // degrees; the edges belong to it
  std::string serving_segw;
  std::string serving_hms;
  std::string gateway;
  bool refused = false;
};

// The operator's network that hnbemu makes. See profiles/fleets/demo.yaml.
struct LabSettings {
  Prefix outer_pool{IpAddress::v4(0x64400000), 10};  // 100.64.0.0/10: a /31 for each device
  Prefix inner_pool{IpAddress::v4(0x0a800000), 16};  // 10.128.0.0/16: tunnels
  std::string serving_segw = "segw-serving.operator.example";
  std::string serving_hms = "https://hms-serving.operator.example:7547/cwmp";
  bool serving_is_initial = false;
  bool initial_hms_public = false;  // it is on the public Internet too, known to the outer DNS
  bool serving_hms_public = false;
  std::optional<Prefix> spare_inner_pool{};  // of SeGWs that are renumbered
  std::string gateway;                       // HNB-GW or S1 far end that the HMS assigns; empty: none
  std::vector<std::string> refused_serials;  // globs: the Initial HMS refuses their location
  IkeSettings ike;                           // of the devices behind the lab's SeGWs: the times alone
  std::vector<ServingArea> areas;            // the first that a device's position is in
  std::int64_t pm_interval_s = 0;            // of the measurement files that the Serving HMS asks for; 0: none
  std::vector<LabServer> more_segws;         // beside segw-initial and segw-serving
  std::vector<LabServer> more_hmss;
  std::map<std::string, IpAddress> hosts;  // more names for the outer DNS
  DhcpOptions dhcp;
  bool ntp = false;                             // ntp.operator.example serves time, outside and inside
  std::shared_ptr<const RadioMap> radio_map{};  // the macro cells around the devices; null: a few that are made up
};

// An ACS of the user's own instead of the lab's HMSs.
struct AcsSettings {
  std::string url;
  std::string ca;  // file: who signed the ACS's certificate; empty: the lab's operator
};

struct Fleet {
  std::string name = "fleet";
  std::uint64_t seed = 1;
  double start_rate_per_s = 20;
  unsigned time_scale = 1;  // how much faster the devices' own time passes
  LabSettings lab;
  std::optional<AcsSettings> acs;
  bool uplink = false;  // routes between the host and the devices
  std::vector<DeviceConfig> devices;
};

// Reads and checks a fleet file. All problems of the file are in the error, one a line. `profiles` are the known names.
Result<Fleet> load_fleet(const std::string& file, const std::vector<std::string>& profiles);
// The same of a text; `name` is what errors call it, and files are looked for beside it.
Result<Fleet> parse_fleet(std::string_view text, const std::string& name, const std::vector<std::string>& profiles);

}  // namespace hnbemu::config
