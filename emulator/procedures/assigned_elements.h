#pragma once

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// What is at the place of `role`, and where the standard numbers such places (TR-196 SecGWServer1 to 3, FAPGWServer1 to
// 3) at the others too, in their order and without the empty ones.
std::vector<std::string> numbered_values(const Context& context, std::string_view role);
// The device's own write at all of them.
void clear_numbered_values(Context& context, std::string_view role);

// Where discovery begins: the factory's settings.
Result<ServingElements> initial_elements(const Context& context);

// What the device was assigned, by the data model: TR-196 SecGWServer and ManagementServer.URL, by the Initial HMS or
// by the Serving one, and whether IPsec is used, also for CWMP (`ipsec_enable`, `tunnel_for_cwmp`). An HMS that
// assigned nothing has refused the device (Cause::refused_by_hms).
Result<ServingElements> assigned_elements(const Context& context);

}  // namespace hnbemu::procedures
