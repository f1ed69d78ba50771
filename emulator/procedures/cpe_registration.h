#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/cwmp_session.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TR-069 3.7.1: the steps of any session with the ACS.
const SessionSteps& acs_session_steps();

// Where such a device is to go, by its data model.
Result<ServingElements> cpe_elements(const Context& context);

// What a device does that is no femtocell: it finds the ACS of its ManagementServer.URL (TR-069 3.1) and informs it,
// behind a SeGW if the factory gave it one.
Task<Result<Service>> register_cpe(Context& context);

std::span<const Step> cpe_registration_steps();  // in their order

}  // namespace hnbemu::procedures
