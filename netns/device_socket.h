#pragma once

#include <cstdint>

#include "base/address.h"
#include "netns/namespace.h"

namespace hnbemu::netns {

// What exempts a packet from the tunnel's catch-all route; charon's own packets carry it too.
inline constexpr int kOuterMark = 0x42;

// A socket of a device, bound to the source address of its plane. Outer sockets are marked.
Result<UniqueFd> device_socket(const Namespace& home, bool outer, const IpAddress& source, int type, int protocol);

// A UDP socket of a device with a port of its own; 0: one that is free.
Result<UniqueFd> device_datagram_socket(const Namespace& home, bool outer, const IpAddress& source, std::uint16_t port);

// A TCP socket of a device that listens at that address alone. What it accepts carries the mark as well.
Result<UniqueFd> device_listener(const Namespace& home, bool outer, const IpAddress& source, std::uint16_t port,
                                 int backlog);

}  // namespace hnbemu::netns
