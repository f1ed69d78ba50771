#pragma once

#include <span>

#include "procedures/context.h"
#include "procedures/cwmp_session.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// TS 32.583 5.2.2, TS 32.593 5.2.4: the inner IPsec address has changed while the device is in service. `service` goes
// on with the new one. True if the HMS is to be told at once, which is when it is reached through the tunnel. Fails if
// nobody can listen there for connection requests.
Result<bool> take_inner_address(Context& context, Service& service, const TunnelState& tunnel);

// Of the session that tells it: A to C of TS 32.583, 1 and 2 of TS 32.593.
const SessionSteps& address_change_steps(config::Technology technology);

std::span<const Step> hnb_address_change_steps();  // in their order
std::span<const Step> henb_address_change_steps();

}  // namespace hnbemu::procedures
