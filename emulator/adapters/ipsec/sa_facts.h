#pragma once

#include "adapters/ipsec/vici_message.h"
#include "generators/facts.h"

namespace hnbemu::ipsec {

// Puts into `sa` what a list-sa event tells of it at `now`: algorithms in TR-181's names, NAT, times and child SAs, of
// which those that are installed. charon tells ages in whole seconds, so a time that is known already stays as it is.
void read_sa(const vici::Section& told, WallTime now, generators::IkeSa& sa);

}  // namespace hnbemu::ipsec
