#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.583 5.1.1: discovery via the Initial HMS accessible on the MNO Intranet.
Task<Result<ServingElements>> discover_hnb(Context& context);

std::span<const Step> hnb_discovery_steps();  // in their order

}  // namespace hnbemu::procedures
