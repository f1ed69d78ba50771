#include "procedures/connection_requests.h"

#include <cctype>

namespace hnbemu::procedures {
namespace {

// RFC 3986 2.1, of all but the unreserved characters.
std::string url_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._~").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace

Result<> accept_connection_requests(Context& context, const Path& path) {
  if (auto opened = context.ports.connection_requests.open(path, kConnectionRequestPort); !opened) return opened;
  const auto own = fmt::format("{}:{}", path.source.to_string(), kConnectionRequestPort);
  const auto& authority = context.surroundings.connection_request_authority;
  context.set_value_of("connection_request_url", fmt::format("http://{}{}", authority.empty() ? own : authority,
                                                             context.memory.fact(kConnectionRequestTarget)));
  return {};
}

bool RequestWindow::is_full(Deadline now) {
  while (!accepted_.empty() && now - accepted_.front() >= kLength) accepted_.pop_front();
  return accepted_.size() >= kMaxRequests;
}

void choose_connection_request_target(Context& context) {
  if (!context.memory.fact(kConnectionRequestTarget).empty()) return;
  std::random_device entropy;
  std::string hex32;
  for (int i = 0; i < 4; ++i) hex32 += fmt::format("{:08x}", entropy());
  const auto& profile = context.profile;
  auto target = config::expand(profile.quirks.connection_request_path,
                               {{"hex32", std::move(hex32)},
                                {"serial", url_encoded(context.value_of("serial_number"))},
                                {"oui", profile.oui},
                                {"product_class", url_encoded(profile.product_class)}});
  context.memory.set_fact(kConnectionRequestTarget, std::move(*target));
}

}  // namespace hnbemu::procedures
