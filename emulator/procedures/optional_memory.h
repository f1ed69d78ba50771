#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "cwmp/deployment_units.h"
#include "cwmp/options.h"

namespace hnbemu::procedures {

// What SetVouchers and ChangeDUState left, as a device remembers it without power: "" if there is nothing. Text that is
// none of this is nothing.
std::string options_to_text(const cwmp::Options& options);
std::vector<cwmp::OptionStruct> options_from_text(std::string_view text);
std::string deployment_units_to_text(const cwmp::DeploymentUnits& units);
std::deque<cwmp::DuStateChangeComplete> deployment_units_from_text(std::string_view text);

}  // namespace hnbemu::procedures
