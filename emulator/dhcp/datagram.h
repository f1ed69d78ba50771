#pragma once

#include <string>
#include <string_view>

#include "base/address.h"

namespace hnbemu::dhcp {

// A message as the IPv4 packet that carries it (RFC 791, RFC 768), for an interface without an address: the kernel
// neither sends nor receives from there what is more than a frame.
std::string to_packet(std::string_view message, const IpAddress& from, const IpAddress& to);
// The message in a packet to the client's port; "" if it is something else, or damaged.
std::string_view from_packet(std::string_view packet);

}  // namespace hnbemu::dhcp
