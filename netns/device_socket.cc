#include "netns/device_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace hnbemu::netns {
namespace {

Result<UniqueFd> marked_socket(const Namespace& home, bool outer, int type, int protocol) {
  auto fd = socket_in(home, AF_INET, type, protocol);
  if (!fd) return fd;
  if (outer && ::setsockopt(fd->get(), SOL_SOCKET, SO_MARK, &kOuterMark, sizeof kOuterMark) != 0) {
    return fail_errno("marking an outer socket (CAP_NET_ADMIN)", errno);
  }
  return fd;
}

Result<> bind_to(const UniqueFd& fd, const IpAddress& source, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(source.to_v4());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return {};
  const auto where = port == 0 ? source.to_string() : fmt::format("{}:{}", source.to_string(), port);
  return fail_errno(fmt::format("binding to {}", where), errno);
}

}  // namespace

Result<UniqueFd> device_socket(const Namespace& home, bool outer, const IpAddress& source, int type, int protocol) {
  auto fd = marked_socket(home, outer, type, protocol);
  if (!fd) return fd;
  // The port is chosen at connect(), for the peer: ports bound before are unique over all peers and run out early.
  const int yes = 1;
  ::setsockopt(fd->get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  if (const auto bound = bind_to(*fd, source, 0); !bound) return tl::unexpected(bound.error());
  return fd;
}

Result<UniqueFd> device_datagram_socket(const Namespace& home, bool outer, const IpAddress& source,
                                        std::uint16_t port) {
  auto fd = marked_socket(home, outer, SOCK_DGRAM, 0);
  if (!fd) return fd;
  if (const auto bound = bind_to(*fd, source, port); !bound) return tl::unexpected(bound.error());
  return fd;
}

Result<UniqueFd> device_listener(const Namespace& home, bool outer, const IpAddress& source, std::uint16_t port,
                                 int backlog) {
  auto fd = marked_socket(home, outer, SOCK_STREAM, 0);
  if (!fd) return fd;
  const int yes = 1;  // connections of the listener before it may still be in TIME_WAIT
  ::setsockopt(fd->get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (const auto bound = bind_to(*fd, source, port); !bound) return tl::unexpected(bound.error());
  if (::listen(fd->get(), backlog) != 0) {
    return fail_errno(fmt::format("listening at {}:{}", source.to_string(), port), errno);
  }
  return fd;
}

}  // namespace hnbemu::netns
