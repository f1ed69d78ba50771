#pragma once

#include <optional>
#include <string>

#include "dhcp/message.h"

namespace hnbemu::dhcp {

inline constexpr std::string_view kCwmpClass = "dslforum.org";  // TR-069 3.1: who says that in option 60 is a CPE
inline constexpr std::uint32_t kBroadbandForum = 3561;          // its enterprise number, of options 124 and 125
inline constexpr std::size_t kMaxAcsUrl = 256;                  // ManagementServer.URL
inline constexpr std::size_t kMaxProvisioningCode = 64;         // DeviceInfo.ProvisioningCode

// What a DHCP server tells of the ACS (TR-069 3.1, table 2); what was not told, or was none of what it should be, is
// not there.
struct AcsOptions {
  std::string url;                                           // http or https; "": none was told
  std::string provisioning_code;                             // sub-option 2
  std::optional<std::uint32_t> retry_minimum_wait_interval;  // 3: seconds, 1 to 65,535
  std::optional<std::uint32_t> retry_interval_multiplier;    // 4: thousandths, 1,000 to 65,535
  bool operator==(const AcsOptions&) const = default;
};

// From option 125 for the Broadband Forum if it has a URL, else from option 43.
AcsOptions acs_options(const Message& message);

std::string cwmp_vi_class();  // option 124 of a CPE (RFC 3925 3)

}  // namespace hnbemu::dhcp
