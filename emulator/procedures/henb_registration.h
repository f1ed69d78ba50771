#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.593 5.1.3: registration with the Serving HeMS, over the connection of connect_serving_hems(). When the Initial
// HeMS is the Serving one, its session has done this already: `registered`.
Task<Result<>> register_henb(Context& context, Service& service, bool registered);

// Its step 4 alone: another S1 far end was given while the device serves.
Task<Result<>> set_s1_up(Context& context, Service& service);

std::span<const Step> henb_registration_steps();  // in their order

}  // namespace hnbemu::procedures
