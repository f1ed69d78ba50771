#pragma once

#include "base/time.h"
#include "control/message.h"

namespace hnbemu::control {

// One request to the emulator that listens at `socket_file`; `target` is encoded, "/devices/hnb-0001". A 4xx or 5xx is
// a value. Errors: network (nobody listens), timeout, protocol.
Result<Reply> call(const std::string& socket_file, const std::string& method, const std::string& target,
                   const std::string& body = {}, Seconds timeout = Seconds{30});

// A path segment or query value, percent-encoded.
std::string encoded(std::string_view text);

}  // namespace hnbemu::control
