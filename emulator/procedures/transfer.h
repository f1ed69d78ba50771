#pragma once

#include "procedures/context.h"

namespace hnbemu::procedures {

inline constexpr Seconds kAtOnceLimit{20};  // of a transfer that its session waits for

// Takes one transfer of `context.transfers` through: its file is moved and installed, or made and sent, by `deadline`
// at the latest (what has not come by then is a failure). Afterwards it is completed, waits for the boot or for its
// next try, or is put back if it was cancelled. Nothing is committed.
Task<void> perform_transfer(Context& context, std::uint32_t id, Path path, Deadline deadline);

// A transfer is completed: the events of the message that will tell of it. False if nobody wants to hear of it, and it
// is forgotten (AutonomousTransferCompletePolicy).
bool announce_transfer(Context& context, std::uint32_t id);

}  // namespace hnbemu::procedures
