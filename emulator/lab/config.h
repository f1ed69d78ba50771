#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace hnbemu::lab {

inline constexpr const char* kNtpName = "ntp.operator.example";

// What is wrong with the certificate that a SeGW or HMS presents.
enum class CertificateFault { none, other_name, other_authority, expired };

inline constexpr const char* kStunName = "stun.operator.example";  // in both DNS

// Faults belong to a name: one device is pointed at a bad SeGW while the others use the good one.
struct SegwConfig {
  std::string name;  // in the outer DNS
  CertificateFault certificate = CertificateFault::none;
  bool silent = false;  // its address drops everything
  bool in_dns = true;   // false: NXDOMAIN
};

struct HmsConfig {
  std::string name;        // in the inner DNS
  bool is_public = false;  // it has an address of the public Internet beside its own, in the outer DNS
  CertificateFault certificate = CertificateFault::none;
  bool in_dns = true;
};

// What the DHCP server of the access network gives beside addresses.
struct DhcpSettings {
  std::size_t devices = 0;  // that may come; 0: there is no server
  Seconds lease{3600};      // at least two minutes, as dnsmasq has it
  std::optional<Seconds> renew{};
  std::optional<Seconds> rebind{};
  std::string acs_url{};  // TR-069 3.1; "": none of the four
  std::string provisioning_code{};
  std::optional<std::uint32_t> retry_minimum_wait_interval{};  // seconds
  std::optional<std::uint32_t> retry_interval_multiplier{};    // thousandths
};

// The operator's network. Everything in it lives in namespaces of its own; pools may be changed where they collide with
// addresses that the devices must reach outside the lab.
struct LabConfig {
  std::string state_directory{};  // existing; configurations, sockets and logs of the lab's daemons

  std::string keys_directory{};  // of the PKI's roots, made if it is not there; empty: roots of this run alone
  Prefix device_pool{IpAddress::v4(0x64400000), 10};  // 100.64.0.0/10 (RFC 6598): a /31 for each device
  Prefix wan_prefix{IpAddress::v4(0xC6120000), 24};   // 198.18.0.0/24 (RFC 2544): outer DNS, SeGWs
  Prefix core_prefix{IpAddress::v4(0x0AC80000), 24};  // 10.200.0.0/24: inner DNS, HMSs
  Prefix inner_pool{IpAddress::v4(0x0A800000), 16};   // 10.128.0.0/16: tunnels, in equal parts to the SeGWs
  std::optional<Prefix> spare_inner_pool{};           // likewise, of SeGWs that have been renumbered

  // TS 32.583 5.1.1 step 7: the serving SeGW and HMS are the same entities as the initial ones.
  bool serving_is_initial = false;
  SegwConfig initial_segw{.name = "segw-initial.operator.example"};
  SegwConfig serving_segw{.name = "segw-serving.operator.example"};
  HmsConfig initial_hms{.name = "hms-initial.operator.example"};
  HmsConfig serving_hms{.name = "hms-serving.operator.example"};
  std::vector<SegwConfig> more_segws{};
  std::vector<HmsConfig> more_hmss{};
  bool has_segws = true;                     // false: none of them, for devices without IPsec
  bool core_leads_out = false;               // an uplink stands there: the SeGWs route all into it
  bool has_hmss = true;                      // false: none, for an ACS of the user's own
  std::map<std::string, IpAddress> hosts{};  // more names in the outer DNS
  DhcpSettings dhcp{};
  bool has_ntp = false;  // kNtpName in both DNSs, and a server behind it in `wan` and in `core`
};

// All SeGWs and HMSs, initial and serving first, each once.
std::vector<SegwConfig> segws_of(const LabConfig& config);
std::vector<HmsConfig> hmss_of(const LabConfig& config);

// Cause::configuration if a name is empty or given twice.
Result<> check_names(const LabConfig& config);

}  // namespace hnbemu::lab
