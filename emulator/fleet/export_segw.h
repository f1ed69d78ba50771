#pragma once

#include <string>
#include <vector>

#include "config/fleet.h"
#include "lab/pki.h"

namespace hnbemu::fleet {

// What a SeGW of the user's own needs to take the fleet's devices, as strongSwan's /etc/swanctl has it: who signed
// their certificates, a certificate of its own that they trust, pre-shared keys, and swanctl.conf; and identities.csv.
// Gives the files. Cause::configuration if the directory has files already.
Result<std::vector<std::string>> export_segw(const std::string& directory, const std::string& segw_name,
                                             const config::Fleet& fleet, const lab::Pki& pki);

}  // namespace hnbemu::fleet
