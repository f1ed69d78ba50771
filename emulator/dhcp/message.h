#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"

namespace hnbemu::dhcp {

inline constexpr std::uint16_t kServerPort = 67;
inline constexpr std::uint16_t kClientPort = 68;
inline constexpr std::size_t kMaxMessageBytes = 1472;  // what an Ethernet frame carries

using HardwareAddress = std::array<std::uint8_t, 6>;

enum class Kind : std::uint8_t { discover = 1, offer, request, decline, ack, nak, release, inform };  // RFC 2132 9.6

// RFC 2132, RFC 3925: the options that are spoken of by name.
namespace option {
inline constexpr std::uint8_t subnet_mask = 1;
inline constexpr std::uint8_t router = 3;
inline constexpr std::uint8_t dns_servers = 6;
inline constexpr std::uint8_t host_name = 12;
inline constexpr std::uint8_t vendor_specific = 43;
inline constexpr std::uint8_t requested_address = 50;
inline constexpr std::uint8_t lease_time = 51;
inline constexpr std::uint8_t overload = 52;
inline constexpr std::uint8_t kind = 53;
inline constexpr std::uint8_t server = 54;
inline constexpr std::uint8_t parameter_list = 55;
inline constexpr std::uint8_t max_message_size = 57;
inline constexpr std::uint8_t renewal_time = 58;
inline constexpr std::uint8_t rebinding_time = 59;
inline constexpr std::uint8_t vendor_class = 60;
inline constexpr std::uint8_t client_identifier = 61;
inline constexpr std::uint8_t vi_vendor_class = 124;
inline constexpr std::uint8_t vi_vendor_specific = 125;
}  // namespace option

// RFC 2131 2. Addresses are IPv4; 0.0.0.0 is none.
struct Message {
  bool reply = false;  // BOOTREPLY
  Kind kind = Kind::discover;
  std::uint32_t transaction = 0;
  std::uint16_t seconds = 0;
  bool broadcast = false;  // the answer is to be sent to 255.255.255.255
  IpAddress client;        // ciaddr
  IpAddress yours;         // yiaddr
  HardwareAddress hardware{};
  std::map<std::uint8_t, std::string> options;  // but overload and kind; of several with one code, joined (RFC 3396)

  // An option that is one address or number; nothing if it is not there or has another length.
  std::optional<IpAddress> address(std::uint8_t code) const;
  std::optional<std::uint32_t> number(std::uint8_t code) const;
  // An option that is a list of addresses; empty if it is not there or has a length that cannot be.
  std::vector<IpAddress> addresses(std::uint8_t code) const;
};

std::string encode(const Message& message);
// Nothing if it is no DHCP message over Ethernet: what a network sends is looked at, never believed.
std::optional<Message> parse(std::string_view bytes);

std::string to_option(const IpAddress& address);
std::string to_option(std::uint32_t number);

// "DHCPACK 100.64.0.11 from 100.64.0.10": for traces.
std::string to_string(const Message& message);

}  // namespace hnbemu::dhcp
