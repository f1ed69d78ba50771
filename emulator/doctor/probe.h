#pragma once

#include "doctor/facts.h"

namespace hnbemu::doctor {

// Looks at this machine. What can only be found out by trying is tried in a namespace that is gone afterwards; nothing
// stays. Takes some tenths of a second. `state_directory` need not exist.
Facts probe(const std::string& state_directory);

// The version of an installed package, by the text of dpkg's status file; "" if it is not installed.
std::string installed_version(std::string_view dpkg_status, std::string_view package);
// Capabilities that a run needs and the mask of /proc/PID/status has not, by name.
std::vector<std::string> missing_capabilities(std::uint64_t effective);

}  // namespace hnbemu::doctor
