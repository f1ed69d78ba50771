#pragma once

#include <cstdint>
#include <string>

namespace hnbemu::fleet {

inline constexpr std::uintmax_t kMaxDaemonLogBytes = 1u << 20;

// Empties the logs below the directory that have grown over the bound: charon and dnsmasq append to theirs for as long
// as they live, which may be weeks.
void trim_daemon_logs(const std::string& directory);

}  // namespace hnbemu::fleet
