#pragma once

#include <optional>
#include <string_view>

#include "diagnostics/report.h"
#include "procedures/context.h"

namespace hnbemu::device {

inline constexpr Seconds kPingInterval{1};        // from one request to the next
inline constexpr Seconds kReverseLookup{2};       // for the name of a hop
inline constexpr unsigned kMaxSilentLookups = 2;  // then no more names are asked for
inline constexpr unsigned kMaxHops = 64;

// Where a test goes whose Interface is `interface`: outer or inner; "" means as `service` does (TR-181, its routing
// policy). Nothing for what is no way at all.
std::optional<Path> path_of(const procedures::Context& context, const Path& service, std::string_view interface);

// Carries out the test with the settings that it has now. Cancelled, it ends at once, with whatever report.
Task<diagnostics::Report> run_test(procedures::Context& context, diagnostics::TestObject object, Path service);

}  // namespace hnbemu::device
