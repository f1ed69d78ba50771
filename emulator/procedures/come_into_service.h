#pragma once

#include <optional>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

// Which of the procedures a femtocell goes through, by its technology and by what the factory has programmed into it.
namespace hnbemu::procedures {

// An Initial HMS behind the Initial SeGW (TS 32.583 5.1.1, TS 32.593 5.1.2.2), or without a SeGW on the public Internet
// (5.1.2, 5.1.2.3).
Task<Result<ServingElements>> discover(Context& context);

// The same of a device that knows its serving elements, and cannot reach them: ManagementServer.URL is the Initial
// HMS's again, and the SeGWs' names are gone, until that has assigned others. If it does not, all is as before.
Task<Result<ServingElements>> discover_again(Context& context);

// TS 32.583 5.2.1, TS 32.593 5.1.2.2 step 6 or its like, and 5.1.3.
Task<Result<Service>> register_device(Context& context, ServingElements elements);

// Its steps with the gateway alone.
Task<Result<>> register_again_with_gateway(Context& context, Service& service);

// Whether an error says that the other side is not there, rather than that it answers otherwise.
bool is_gone(const Error& error);

}  // namespace hnbemu::procedures
