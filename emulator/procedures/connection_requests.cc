#include "procedures/connection_requests.h"

namespace hnbemu::procedures {
Result<> accept_connection_requests(Context& context, const Path& path) {
  if (auto opened = context.ports.connection_requests.open(path, kConnectionRequestPort); !opened) return opened;
  const auto own = fmt::format("{}:{}", path.source.to_string(), kConnectionRequestPort);
  const auto& authority = context.surroundings.connection_request_authority;
  context.set_value_of("connection_request_url", fmt::format("http://{}{}", authority.empty() ? own : authority,
                                                             context.memory.fact(kConnectionRequestTarget)));
  return {};
}

void choose_connection_request_target(Context& context) {
  if (!context.memory.fact(kConnectionRequestTarget).empty()) return;
  std::random_device entropy;
  std::string target = "/";
  for (int i = 0; i < 4; ++i) target += fmt::format("{:08x}", entropy());
  context.memory.set_fact(kConnectionRequestTarget, std::move(target));
}

}  // namespace hnbemu::procedures
