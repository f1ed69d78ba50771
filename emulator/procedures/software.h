#pragma once

#include "procedures/device_files.h"

namespace hnbemu::procedures {

// At power-up: what was committed runs. DeviceInfo says so, SoftwareVersion and the FirmwareImage rows where the model
// has them; another version than before is told by `4 VALUE CHANGE` beside `1 BOOT` (TR-069 3.7.1.5, A.3.2.4). With
// BootFirmwareImage the ACS chooses among what is there.
void boot_software(Context& context);

// An image for this kind of device boots from the next power-up on.
Task<Installed> install_software(Context& context, std::string file);

}  // namespace hnbemu::procedures
