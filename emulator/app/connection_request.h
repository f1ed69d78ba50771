#pragma once

#include <string>

#include "app/exec.h"

namespace hnbemu::app {

// TR-069 3.2.2, as an ACS asks that stands in that network: this thread goes there. Errors: network, authentication,
// http_status (503: the device is busy, or too many came).
Result<> request_connection(const DeviceView& network, const std::string& url, const std::string& username,
                            const std::string& password);

}  // namespace hnbemu::app
