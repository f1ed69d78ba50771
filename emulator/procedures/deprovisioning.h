#pragma once

#include <span>

#include "procedures/context.h"

// De-provisioning of an HNB (TS 32.583 5.4) and de-registration of a HeNB (TS 32.593, contribution of 5.1.4). What is
// told of it is the end of a session: before that the device does nothing.
namespace hnbemu::procedures {

// Once a session has ended well. If its SetParameterValues took back what the Initial HMS had assigned, as the
// operator's policy may, the device leaves the operator, and its next Inform is a `0 BOOTSTRAP`; true then.
bool leave_if_deprovisioned(Context& context);

// Before a factory reset; the ACS may have asked for it (FactoryReset).
void leave_by_reset(Context& context);

}  // namespace hnbemu::procedures
