#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cwmp/transfers.h"

namespace hnbemu::procedures {

// Transfers as a device remembers them without power: "" if there are none. What ends with its session is left out.
std::string transfers_to_text(const cwmp::Transfers& transfers);
// What cannot be read is forgotten.
std::vector<cwmp::Transfer> transfers_from_text(std::string_view text);

}  // namespace hnbemu::procedures
