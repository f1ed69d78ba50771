#include "adapters/dns/cares_resolver.h"

#include <ares.h>
#include <netdb.h>
#include <netinet/in.h>

#include "adapters/dns/cares_channel.h"

namespace hnbemu::dns {
namespace {

Cause cause_of(int status) {
  switch (status) {
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
      return Cause::dns_no_such_name;
    default:
      return Cause::dns_failure;
  }
}

using Answer = Result<std::vector<IpAddress>>;

// One question for the addresses of a name.
class Query : public Channel {
 public:
  using Channel::Channel;
  static void on_answer(void* self, int status, int timeouts, ares_addrinfo* answer);
  std::optional<Answer> answer;
};

void Query::on_answer(void* self, int status, int, ares_addrinfo* answer) {
  auto& query = *static_cast<Query*>(self);
  if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) return;
  std::vector<IpAddress> addresses;
  for (const auto* node = answer == nullptr ? nullptr : answer->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family != AF_INET || addresses.size() == kMaxAddresses) continue;
    const auto* const socket_address = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
    addresses.push_back(IpAddress::v4(ntohl(socket_address->sin_addr.s_addr)));
  }
  if (answer != nullptr) ares_freeaddrinfo(answer);
  if (status != ARES_SUCCESS) {
    query.answer = fail(cause_of(status), ares_strerror(status), status);
  } else if (addresses.empty()) {
    query.answer = fail(Cause::dns_no_such_name, "the name has no IPv4 address");
  } else {
    query.answer = std::move(addresses);
  }
  query.answered();
}

Answer end_of(Query& query, const std::string& name, Deadline deadline) {
  auto answer = std::move(query.answer);
  if (!answer) {
    const bool late = std::chrono::steady_clock::now() >= deadline;
    const auto* const what = late ? "no DNS server answered in time" : "the device was stopped";
    answer = fail(late ? Cause::timeout : Cause::cancelled, what);
  }
  if (!*answer) {
    std::vector<std::string> servers;
    for (const auto& server : query.path().dns_servers) servers.push_back(server.to_string());
    auto& error = answer->error();
    error.detail = fmt::format("'{}': {} (asked {})", name, error.detail, fmt::join(servers, ", "));
  }
  return std::move(*answer);
}

}  // namespace

Task<Result<std::vector<IpAddress>>> CaresResolver::resolve(std::string name, Path path, Deadline deadline) {
  const auto query = std::make_shared<Query>(executor_, home_, std::move(path));
  const ChannelOptions options{query->path().dns_servers, port_, kServerTimeoutMs, kTries};
  if (const auto opened = query->open(options); !opened) co_return tl::unexpected(opened.error());
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_INET;
  hints.ai_flags = ARES_AI_NOSORT;  // in the server's order
  ares_getaddrinfo(query->handle(), name.c_str(), nullptr, &hints, &Query::on_answer, query.get());
  co_await query->wait(deadline);
  co_return end_of(*query, name, deadline);
}

}  // namespace hnbemu::dns
