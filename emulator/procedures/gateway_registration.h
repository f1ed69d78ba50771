#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/secure_connection.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// The steps from a gateway's name to the registration there.
struct GatewaySteps {
  ResolveSteps resolve;  // by inner DNS
  Step registration;
};

// The gateways that the HMS gave, early (by the Initial one) or late, in their order: TR-196 FAPGWServer1 to 3, or the
// list of S1SigLinkServerList. The first that takes the device is it; without any there is nothing to do. The error is
// that of the last.
Task<Result<>> register_with_gateway(Context& context, Service& service, GatewaySteps steps);

// What is wanted now, as Service::gateway has it.
std::string wanted_gateway(const Context& context);

}  // namespace hnbemu::procedures
