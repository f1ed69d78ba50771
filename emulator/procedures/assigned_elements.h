#pragma once

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// What the factory programmed.
Result<ServingElements> initial_elements(const Context& context);

// What the Initial HMS has set in the data model. Fails with Cause::refused_by_hms if it set neither a Serving SeGW nor
// a Serving HMS: a session that assigns nothing is how some HMSs refuse a device.
Result<ServingElements> assigned_elements(const Context& context);

}  // namespace hnbemu::procedures
