#pragma once

#include <optional>

#include "ports/udp.h"

// The system's calls for datagrams, on non-blocking sockets.
namespace hnbemu::udp {

Result<> apply(int fd, const UdpOptions& options);
Result<> set_ttl(int fd, std::uint8_t ttl);
Result<std::uint16_t> port_of(int fd);
Result<> send_datagram(int fd, const UdpEndpoint& to, std::string_view bytes);
// Nothing if there is none now.
Result<std::optional<Datagram>> take_datagram(int fd);
Result<std::optional<Datagram>> take_icmp_error(int fd);  // ip(7), IP_RECVERR

}  // namespace hnbemu::udp
