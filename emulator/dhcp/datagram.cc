#include "dhcp/datagram.h"

#include "dhcp/bytes.h"
#include "dhcp/message.h"

namespace hnbemu::dhcp {
namespace {

constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kUdpHeader = 8;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kHops = 64;

// RFC 1071: 0 over what holds its own checksum.
std::uint16_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  while (bytes.size() >= 2) sum += static_cast<std::uint32_t>(take_number(bytes, 2));
  if (!bytes.empty()) sum += static_cast<std::uint32_t>(take_number(bytes, 1) << 8);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

std::string to_packet(std::string_view message, const IpAddress& from, const IpAddress& to) {
  const auto udp_size = kUdpHeader + message.size();
  std::string packet;
  put_number(packet, 0x4500, 2);
  put_number(packet, kIpHeader + udp_size, 2);
  put_number(packet, 0, 4);  // one fragment
  put_number(packet, kHops, 1);
  put_number(packet, kUdp, 1);
  put_number(packet, 0, 2);
  put_number(packet, from.to_v4(), 4);
  put_number(packet, to.to_v4(), 4);
  const auto sum = checksum(packet);
  packet[10] = static_cast<char>(sum >> 8);
  packet[11] = static_cast<char>(sum & 0xff);
  put_number(packet, kClientPort, 2);
  put_number(packet, kServerPort, 2);
  put_number(packet, udp_size, 2);
  put_number(packet, 0, 2);  // RFC 768: none was computed
  return packet.append(message);
}

// The UDP checksum is not looked at: a link between two namespaces leaves it to be filled in by hardware.
std::string_view from_packet(std::string_view packet) {
  if (packet.size() < kIpHeader) return {};
  const auto header_size = static_cast<std::size_t>(packet[0] & 0x0f) * 4;
  const bool is_v4 = static_cast<std::uint8_t>(packet[0]) >> 4 == 4;
  std::string_view fields = packet.substr(2);
  const auto size = take_number(fields, 2);
  fields.remove_prefix(2);
  const auto fragment = take_number(fields, 2) & 0x3fff;
  fields.remove_prefix(1);
  const auto protocol = take_number(fields, 1);
  if (!is_v4 || header_size < kIpHeader || size < header_size + kUdpHeader || size > packet.size() || fragment != 0 ||
      protocol != kUdp || checksum(packet.substr(0, header_size)) != 0) {
    return {};
  }
  auto udp = packet.substr(header_size, size - header_size);
  udp.remove_prefix(2);
  const auto port = take_number(udp, 2);
  const auto udp_size = take_number(udp, 2);
  udp.remove_prefix(2);
  if (port != kClientPort || udp_size < kUdpHeader || udp_size - kUdpHeader > udp.size()) return {};
  return udp.substr(0, udp_size - kUdpHeader);
}

}  // namespace hnbemu::dhcp
