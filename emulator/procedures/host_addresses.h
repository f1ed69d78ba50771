#pragma once

#include <string>
#include <vector>

#include "procedures/context.h"

namespace hnbemu::procedures {

// Where a host is: known around the device, an address itself, or asked of the path's DNS servers. At least one.
Task<Result<std::vector<IpAddress>>> addresses_of(Context& context, std::string host, Path path);

}  // namespace hnbemu::procedures
