#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "config/profile.h"
#include "generators/spec.h"

namespace hnbemu::generators {

std::vector<std::string> fact_names();
std::optional<Fact> fact_named(std::string_view name);

// What a Template may name, each with an empty value.
config::DeviceFields known_fields();
// What the format of an Uptime may name.
config::DeviceFields uptime_fields(Seconds since_boot);

}  // namespace hnbemu::generators
