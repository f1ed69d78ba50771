#pragma once

#include <linux/netlink.h>

#include "base/address.h"
#include "netns/namespace.h"

namespace hnbemu::ipsec {

// One request to the IPsec of a namespace's kernel (NETLINK_XFRM), of nlmsg_len bytes, which asks for an answer
// (NLM_F_ACK): 0 if the kernel did it, else the errno by which it refused.
Result<int> ask_xfrm(const netns::Namespace& home, const nlmsghdr& request);

// Removes what charon makes in its device's namespace: routes, inner addresses, security associations; and every
// policy.
Result<> clear_ipsec(const netns::Namespace& home, const IpAddress& outer);

}  // namespace hnbemu::ipsec
