#pragma once

#include "procedures/context.h"

namespace hnbemu::procedures {

inline constexpr std::uint16_t kConnectionRequestPort = 7547;  // CWMP's, by IANA

// The fact in the device's memory.
inline constexpr const char* kConnectionRequestTarget = "connection_request_target";

// TR-069 3.2.2: the device can be reached on the way by which it reaches its HMS, and ConnectionRequestURL says where.
Result<> accept_connection_requests(Context& context, const Path& path);

// The profile's kind of path, by default one that nobody guesses; the same for as long as the device remembers it.
void choose_connection_request_target(Context& context);

}  // namespace hnbemu::procedures
