#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// The draft of TS 32.593, 5.1.2.2: Serving HeMS discovery without an Initial HeMS. The factory has programmed the HeNB
// with its Serving SeGW and HeMS; steps 1 to 5.
Task<Result<Service>> connect_factory_hems(Context& context, ServingElements elements);

std::span<const Step> henb_direct_connection_steps();  // in their order

}  // namespace hnbemu::procedures
