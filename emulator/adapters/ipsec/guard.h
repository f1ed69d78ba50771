#pragma once

#include "adapters/ipsec/esp.h"
#include "base/address.h"
#include "netns/namespace.h"

namespace hnbemu::ipsec {

// What keeps traffic from a tunnel's inner address off the wire whenever no security association takes it: a rule
// behind charon's routing table, or, where the kernel does ESP, a policy behind charon's policies. There the table's
// catch-all route leads to the outer interface, for any source, while another tunnel is up.
Result<> add_guard(const netns::Namespace& home, EspBackend esp, const IpAddress& inner);     // also over an old one
Result<> remove_guard(const netns::Namespace& home, EspBackend esp, const IpAddress& inner);  // succeeds without one

}  // namespace hnbemu::ipsec
