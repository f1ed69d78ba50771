#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "hms/server.h"

#include <fmt/format.h>

namespace hnbemu::hms {

Result<UniqueFd> listen_on(const IpAddress& address, std::uint16_t port, UniqueFd socket) {
  if (address.family() != IpAddress::Family::v4) {
    return fail(Cause::configuration, fmt::format("{}: the HMS listens on IPv4 only", address.to_string()));
  }
  if (!socket) socket.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("socket", errno);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(address.to_v4());
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    return fail_errno(fmt::format("bind {}:{}", address.to_string(), port), errno);
  }
  if (::listen(socket.get(), SOMAXCONN) != 0) {
    return fail_errno(fmt::format("listen {}:{}", address.to_string(), port), errno);
  }
  return socket;
}

Result<std::uint16_t> port_of(const UniqueFd& socket) {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    return fail_errno("getsockname", errno);
  }
  return ntohs(name.sin_port);
}

}  // namespace hnbemu::hms
