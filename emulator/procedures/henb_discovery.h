#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.593 5.1.2.2: Serving HeMS discovery via the Initial HeMS inside the operator's private secure network domain,
// steps 1.1 to 5.
Task<Result<ServingElements>> discover_henb(Context& context);

// Steps 6.1 to 6.5: the secure connection with the Serving HeMS. A HeNB that knows its serving elements starts here.
Task<Result<Service>> connect_serving_hems(Context& context, ServingElements elements);

std::span<const Step> henb_discovery_steps();  // in their order

}  // namespace hnbemu::procedures
