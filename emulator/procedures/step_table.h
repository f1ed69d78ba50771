#pragma once

#include <vector>

#include "config/profile.h"
#include "procedures/step.h"

namespace hnbemu::procedures {

// Every numbered step that a device of this technology may take, in the order of its bring-up.
std::vector<Step> steps_of(config::Technology technology);

}  // namespace hnbemu::procedures
