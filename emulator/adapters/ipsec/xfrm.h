#pragma once

#include <linux/netlink.h>

#include "base/address.h"
#include "netns/namespace.h"

namespace hnbemu::ipsec {

// One request to the IPsec of a namespace's kernel (NETLINK_XFRM), of nlmsg_len bytes, which asks for an answer
// (NLM_F_ACK): 0 if the kernel did it, else the errno by which it refused.
Result<int> ask_xfrm(const netns::Namespace& home, const nlmsghdr& request);

// What a charon that was killed has left in its device's namespace: routes, policies, security associations and inner
// addresses. Nothing of it works on with the next charon, and a stale association would still send.
Result<> remove_leftovers(const netns::Namespace& home, const IpAddress& outer);

}  // namespace hnbemu::ipsec
