#pragma once

#include <string>
#include <vector>

#include "base/address.h"
#include "netns/namespace.h"

namespace hnbemu::test {

struct DnsAnswer {
  int code = -1;  // RFC 1035 4.1.1 RCODE; -1: no answer
  std::vector<IpAddress> addresses;
};

// One question for A records over UDP from inside the namespace, asked again a few times if nothing comes. The socket
// is bound to `source` unless that is 0.0.0.0.
DnsAnswer ask(const netns::Namespace& home, const IpAddress& server, const std::string& name,
              const IpAddress& source = {});

}  // namespace hnbemu::test
