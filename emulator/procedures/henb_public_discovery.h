#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.593 5.1.2.3: Serving HeMS discovery via the Initial HeMS accessible on the public internet, steps 1.1 to 4.
Task<Result<ServingElements>> discover_henb_publicly(Context& context);

// Steps 5.1 to 5.5: the secure connection with the Serving HeMS, of a HeNB whose Initial HeMS is there.
Task<Result<Service>> connect_publicly_found_hems(Context& context, ServingElements elements);

std::span<const Step> henb_public_discovery_steps();  // in their order

}  // namespace hnbemu::procedures
