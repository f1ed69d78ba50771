#pragma once

#include <optional>
#include <vector>

#include "base/address.h"
#include "diagnostics/response_times.h"

namespace hnbemu::diagnostics {

enum class LookupStatus : std::uint8_t { success, server_not_available, host_name_not_resolved, timeout, other };

// One question of a TR-181 NSLookupDiagnostics, and what became of it.
struct Lookup {
  LookupStatus status = LookupStatus::other;
  bool authoritative = false;
  std::string name;  // the host's own, behind all aliases
  std::vector<IpAddress> addresses;
  std::optional<IpAddress> server;  // that answered
  Micros time{0};                   // 0: nothing answered
};

// A failure of all is a failure of the test; of some it is not.
Report lookup_report(const std::vector<Lookup>& lookups);

}  // namespace hnbemu::diagnostics
