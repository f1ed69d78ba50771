#include "generators/facts.h"

#include <fmt/ranges.h>

namespace hnbemu::generators {

std::string dns_server_list(const IkeSa& sa) {
  std::vector<std::string> servers;
  servers.reserve(sa.dns_servers.size());
  for (const auto& server : sa.dns_servers) servers.push_back(server.to_string());
  return fmt::format("{}", fmt::join(servers, ","));
}

}  // namespace hnbemu::generators
