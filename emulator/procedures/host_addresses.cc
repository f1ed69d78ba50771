#include "procedures/host_addresses.h"

namespace hnbemu::procedures {

Task<Result<std::vector<IpAddress>>> addresses_of(Context& context, std::string host, Path path) {
  const auto& hosts = context.surroundings.hosts;
  if (const auto known = hosts.find(host); known != hosts.end()) co_return std::vector{known->second};
  if (const auto literal = IpAddress::parse(host)) co_return std::vector{*literal};
  const auto deadline = context.ports.clock.now() + Deadlines::dns;
  co_return co_await context.ports.resolver.resolve(std::move(host), std::move(path), deadline);
}

}  // namespace hnbemu::procedures
