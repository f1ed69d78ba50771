#pragma once

#include "procedures/context.h"

namespace hnbemu::procedures {

// TR-069 A.4.1.4: as it left the factory, but for its software and what it knows of its past
// (`silent_towards`). The next remember()
// commits it.
void forget_all(Context& context);

// Who operates an HMS, told by its name: the domain that the host is in; an address is its own.
std::string operator_of(const Url& hms);

}  // namespace hnbemu::procedures
