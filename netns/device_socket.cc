#include "netns/device_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace hnbemu::netns {

Result<UniqueFd> device_socket(const Namespace& home, bool outer, const IpAddress& source, int type, int protocol) {
  auto fd = socket_in(home, AF_INET, type, protocol);
  if (!fd) return fd;
  if (outer && ::setsockopt(fd->get(), SOL_SOCKET, SO_MARK, &kOuterMark, sizeof kOuterMark) != 0) {
    return fail_errno("marking an outer socket (CAP_NET_ADMIN)", errno);
  }
  // The port is chosen at connect(), for the peer: ports bound before are unique over all peers and run out early.
  const int yes = 1;
  ::setsockopt(fd->get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(source.to_v4());
  if (::bind(fd->get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_errno(fmt::format("binding to {}", source.to_string()), errno);
  }
  return fd;
}

}  // namespace hnbemu::netns
