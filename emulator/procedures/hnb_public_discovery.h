#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.583 5.1.2: discovery via the Initial HMS accessible on the public Internet, over TLS and without IPsec.
Task<Result<ServingElements>> discover_hnb_publicly(Context& context);

std::span<const Step> hnb_public_discovery_steps();  // in their order

}  // namespace hnbemu::procedures
