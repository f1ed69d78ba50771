#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.583 5.2.1: registration with the Serving HMS.
Task<Result<Service>> register_hnb(Context& context, ServingElements elements);

// Its steps 6.1 to 7 alone: another HNB-GW was given while the device serves.
Task<Result<>> register_with_hnb_gateway(Context& context, Service& service);

std::span<const Step> hnb_registration_steps();  // in their order

}  // namespace hnbemu::procedures
