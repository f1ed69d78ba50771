#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/address.h"

namespace hnbemu::icmp {

enum Type : std::uint8_t { kEchoReply = 0, kUnreachable = 3, kEchoRequest = 8, kTimeExceeded = 11 };

// Which echo request a message is or is about.
struct EchoKey {
  std::uint16_t identifier = 0;
  std::uint16_t sequence = 0;
  bool operator==(const EchoKey&) const = default;
};

// RFC 792. Of an error, `key` and `target` are those of the echo request that it quotes.
struct Message {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  IpAddress from;
  IpAddress target;  // of an error: whom the request was for
  EchoKey key;
};

// An IPv4 packet as a raw socket gives it; nothing if it is neither an echo reply nor an error about an echo request.
std::optional<Message> parse(std::span<const std::uint8_t> packet);

// An ICMP echo request, without its IP header.
std::string echo_request(EchoKey key, std::size_t data_bytes);

}  // namespace hnbemu::icmp
