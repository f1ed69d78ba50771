#pragma once

#include "procedures/device_files.h"

// Configuration management by file: TS 32.583 5.3.1 and, as step 5.3-bis, 5.2.1; TS 32.593 5.2.2.
namespace hnbemu::procedures {

// Step D: the file that has come is applied, all of it or nothing, as if the ACS had set it. Rows that are not there
// are added where the ACS may add rows; what the file does not name stays as it is. 9018 of a file that is damaged or
// for another device, or that has a parameter which the ACS could not set to that value.
Task<Installed> install_cm_file(Context& context, std::string file);

}  // namespace hnbemu::procedures
