#include "adapters/udp/socket_calls.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "adapters/udp/device_udp.h"

namespace hnbemu::udp {
namespace {

constexpr int kMaxStaleErrors = 8;  // ICMP errors of earlier datagrams that a call may meet instead of its own result

sockaddr_in to_sockaddr(const UdpEndpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(endpoint.address.to_v4());
  return address;
}

UdpEndpoint to_endpoint(const sockaddr_in& address) {
  return {IpAddress::v4(ntohl(address.sin_addr.s_addr)), ntohs(address.sin_port)};
}

Result<> set_option(int fd, int option, int value, std::string_view what) {
  if (::setsockopt(fd, IPPROTO_IP, option, &value, sizeof value) == 0) return {};
  return fail_errno(what, errno);
}

bool is_stale_error(int error) {
  return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH || error == EHOSTDOWN ||
         error == EPROTO || error == ENOPROTOOPT;
}

struct Received {
  std::optional<Datagram> datagram;
  std::optional<IcmpError> error;
};

// One buffer a thread: an idle socket holds no memory.
Result<Received> receive(int fd, int flags) {
  thread_local std::array<char, kMaxDatagramBytes> buffer;
  alignas(cmsghdr) std::array<char, 512> control{};
  sockaddr_in peer{};
  iovec part{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_name = &peer;
  message.msg_namelen = sizeof peer;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto size = ::recvmsg(fd, &message, flags | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return Received{};
  if (size < 0) return fail_errno("receiving a datagram", errno);
  Received received;
  received.datagram = Datagram{to_endpoint(peer), std::string(buffer.data(), static_cast<std::size_t>(size)), {}};
  for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_RECVERR) continue;
    sock_extended_err error{};
    std::memcpy(&error, CMSG_DATA(header), sizeof error);
    if (error.ee_origin != SO_EE_ORIGIN_ICMP) continue;
    sockaddr_in reporter{};
    std::memcpy(&reporter, SO_EE_OFFENDER(reinterpret_cast<sock_extended_err*>(CMSG_DATA(header))), sizeof reporter);
    received.error = IcmpError{to_endpoint(reporter).address, error.ee_type, error.ee_code};
  }
  return received;
}

}  // namespace

Result<> apply(int fd, const UdpOptions& options) {
  if (options.icmp_errors) {
    if (auto set = set_option(fd, IP_RECVERR, 1, "IP_RECVERR"); !set) return set;
  }
  if (options.dscp != 0) {
    if (auto set = set_option(fd, IP_TOS, options.dscp << 2, "IP_TOS"); !set) return set;
  }
  return options.ttl != 0 ? set_ttl(fd, options.ttl) : Result<>{};
}

Result<> set_ttl(int fd, std::uint8_t ttl) {
  return set_option(fd, IP_TTL, ttl, "IP_TTL");
}

Result<std::uint16_t> port_of(int fd) {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0) return fail_errno("getsockname", errno);
  return ntohs(own.sin_port);
}

Result<> send_datagram(int fd, const UdpEndpoint& to, std::string_view bytes) {
  const auto address = to_sockaddr(to);
  for (int tries = 0; tries <= kMaxStaleErrors; ++tries) {
    const auto sent = ::sendto(fd, bytes.data(), bytes.size(), MSG_DONTWAIT,
                               reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (sent >= 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) return {};
    if (!is_stale_error(errno)) break;
  }
  const int error = errno;
  return fail(Cause::network, fmt::format("sending a datagram to {}: {}", to.to_string(), std::strerror(error)), error);
}

Result<std::optional<Datagram>> take_datagram(int fd) {
  for (int tries = 0; tries <= kMaxStaleErrors; ++tries) {
    auto received = receive(fd, 0);
    if (received) return std::move(received->datagram);
    if (!is_stale_error(received.error().native)) return tl::unexpected(received.error());
  }
  return std::optional<Datagram>{};
}

Result<std::optional<Datagram>> take_icmp_error(int fd) {
  for (int tries = 0; tries <= kMaxStaleErrors; ++tries) {
    auto received = receive(fd, MSG_ERRQUEUE);
    if (!received) return tl::unexpected(received.error());
    if (!received->datagram) break;
    if (!received->error) continue;  // of this host itself: a datagram too large for the link
    received->datagram->error = received->error;
    return std::move(received->datagram);
  }
  return std::optional<Datagram>{};
}

}  // namespace hnbemu::udp
