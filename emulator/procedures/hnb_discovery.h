#pragma once

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.583 5.1.1: discovery via the Initial HMS accessible on the MNO Intranet.
Task<Result<ServingElements>> discover_hnb(Context& context);

}  // namespace hnbemu::procedures
