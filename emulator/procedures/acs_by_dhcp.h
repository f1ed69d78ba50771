#pragma once

#include "dhcp/acs_options.h"
#include "procedures/context.h"

// TR-069 3.1: how a device without an ACS of its own finds one by DHCP.
namespace hnbemu::procedures {

inline constexpr Seconds kAcsUnreachable{300};  // without a connection, before DHCP is asked for the ACS again

// At power-up: what was found before it. The device's remembered URL is in the data model already.
void recall_discovered_acs(Context& context);

// What a lease says of the ACS. A URL is taken when there is none, in place of what DHCP gave before, and instead of
// any other when `again`: the ACS could not be reached. One that the ACS has set stays otherwise. The parameters that
// come along are the ACS's first ones. True if the device has another ACS now; it says `0 BOOTSTRAP` there.
bool take_discovered_acs(Context& context, const dhcp::AcsOptions& options, bool again);

// The places in the data model that DHCP fills in, which are remembered without power.
std::vector<std::string> discovered_paths(const config::Profile& profile);

}  // namespace hnbemu::procedures
