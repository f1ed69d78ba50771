#include "adapters/icmp/icmp_message.h"

namespace hnbemu::icmp {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kIcmpHeader = 8;
constexpr std::uint8_t kIcmpProtocol = 1;

std::uint16_t read16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

IpAddress read_address(Bytes bytes, std::size_t at) {
  return IpAddress::v4(std::uint32_t{read16(bytes, at)} << 16 | read16(bytes, at + 2));
}

struct Packet {
  IpAddress from;
  IpAddress to;
  Bytes icmp;  // at least its header
};

// RFC 791.
std::optional<Packet> read_packet(Bytes bytes) {
  if (bytes.size() < kIpHeader || bytes[0] >> 4 != 4) return std::nullopt;
  const std::size_t header = std::size_t{bytes[0] & 0x0fU} * 4;
  if (header < kIpHeader || bytes[9] != kIcmpProtocol || bytes.size() < header + kIcmpHeader) return std::nullopt;
  return Packet{read_address(bytes, 12), read_address(bytes, 16), bytes.subspan(header)};
}

EchoKey key_of(Bytes icmp) {
  return {read16(icmp, 4), read16(icmp, 6)};
}

// RFC 1071.
std::uint16_t checksum(const std::string& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    sum += i % 2 == 0 ? std::uint32_t{byte} << 8 : byte;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void put16(std::string& bytes, std::size_t at, std::uint16_t number) {
  bytes[at] = static_cast<char>(number >> 8);
  bytes[at + 1] = static_cast<char>(number & 0xff);
}

}  // namespace

std::optional<Message> parse(Bytes bytes) {
  const auto packet = read_packet(bytes);
  if (!packet) return std::nullopt;
  const auto& icmp = packet->icmp;
  Message message{icmp[0], icmp[1], packet->from, {}, {}};
  if (message.type == kEchoReply) {
    message.key = key_of(icmp);
    return message;
  }
  if (message.type != kUnreachable && message.type != kTimeExceeded) return std::nullopt;
  const auto quoted = read_packet(icmp.subspan(kIcmpHeader));
  if (!quoted || quoted->icmp[0] != kEchoRequest) return std::nullopt;
  message.target = quoted->to;
  message.key = key_of(quoted->icmp);
  return message;
}

std::string echo_request(EchoKey key, std::size_t data_bytes) {
  std::string bytes(kIcmpHeader + data_bytes, '\0');
  bytes[0] = static_cast<char>(kEchoRequest);
  put16(bytes, 4, key.identifier);
  put16(bytes, 6, key.sequence);
  for (std::size_t i = 0; i < data_bytes; ++i) bytes[kIcmpHeader + i] = static_cast<char>(i & 0xff);
  put16(bytes, 2, checksum(bytes));
  return bytes;
}

}  // namespace hnbemu::icmp
