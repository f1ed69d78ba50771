#include "sntp/packet.h"

namespace hnbemu::sntp {
namespace {

constexpr std::uint8_t kClient = 3;
constexpr std::uint8_t kServer = 4;
constexpr std::uint8_t kAlarm = 3;
constexpr std::uint8_t kMaxStratum = 15;
constexpr std::uint32_t kMaxRootDistance = 16U << 16;  // RFC 5905 7.2, MAXDISP
constexpr std::chrono::seconds kFrom1900To1970{2'208'988'800};

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

std::uint64_t take(std::string_view& in, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(in[i]);
  in.remove_prefix(bytes);
  return value;
}

// Of two moments that are less than 68 years apart.
std::chrono::microseconds between(Timestamp from, Timestamp to) {
  const auto difference = static_cast<std::int64_t>(to - from);
  const auto seconds = difference >> 32;
  const auto fraction = static_cast<std::int64_t>(static_cast<std::uint64_t>(difference) & 0xffffffffU);
  return std::chrono::seconds{seconds} + std::chrono::microseconds{fraction * 1'000'000 >> 32};
}

}  // namespace

Timestamp to_timestamp(WallTime time) {
  const auto since_1900 = time.time_since_epoch() + kFrom1900To1970;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_1900);
  const auto fraction = static_cast<std::uint64_t>((since_1900 - seconds).count());
  return static_cast<std::uint64_t>(seconds.count()) << 32 | (fraction << 32) / 1'000'000;
}

std::string encode(const Packet& packet) {
  std::string out;
  out.push_back(static_cast<char>(packet.leap << 6 | (packet.version & 7) << 3 | (packet.mode & 7)));
  out.push_back(static_cast<char>(packet.stratum));
  put(out, 0, 2);  // poll, precision
  put(out, packet.root_delay, 4);
  put(out, packet.root_dispersion, 4);
  out.append(packet.reference_id.data(), packet.reference_id.size());
  for (const auto time : {packet.reference, packet.originate, packet.receive, packet.transmit}) put(out, time, 8);
  return out;
}

std::string request(Timestamp nonce) {
  Packet packet;
  packet.mode = kClient;
  packet.transmit = nonce;
  return encode(packet);
}

std::optional<Packet> parse(std::string_view datagram) {
  if (datagram.size() < kPacketBytes) return std::nullopt;
  Packet packet;
  const auto first = take(datagram, 1);
  packet.leap = static_cast<std::uint8_t>(first >> 6);
  packet.version = first >> 3 & 7;
  packet.mode = first & 7;
  packet.stratum = static_cast<std::uint8_t>(take(datagram, 1));
  datagram.remove_prefix(2);
  packet.root_delay = static_cast<std::uint32_t>(take(datagram, 4));
  packet.root_dispersion = static_cast<std::uint32_t>(take(datagram, 4));
  datagram.copy(packet.reference_id.data(), packet.reference_id.size());
  datagram.remove_prefix(packet.reference_id.size());
  for (auto* const time : {&packet.reference, &packet.originate, &packet.receive, &packet.transmit}) {
    *time = take(datagram, 8);
  }
  return packet;
}

tl::expected<Sample, Refusal> judge(std::string_view datagram, Timestamp nonce, WallTime sent, WallTime received) {
  const auto packet = parse(datagram);
  const bool answers = packet && packet->mode == kServer && packet->version >= 1 && packet->originate == nonce;
  if (!answers) return tl::unexpected(Refusal::foreign);
  if (packet->stratum == 0) {  // RFC 5905 7.4: other codes have no meaning for a client
    const std::string_view kiss(packet->reference_id.data(), packet->reference_id.size());
    if (kiss == "DENY" || kiss == "RSTR") return tl::unexpected(Refusal::denied);
    return tl::unexpected(kiss == "RATE" ? Refusal::rate : Refusal::unsynchronised);
  }
  if (packet->leap == kAlarm || packet->stratum > kMaxStratum || packet->root_dispersion >= kMaxRootDistance ||
      packet->root_delay >= kMaxRootDistance) {
    return tl::unexpected(Refusal::unsynchronised);
  }
  const auto away = received - sent;
  const auto there = between(packet->receive, packet->transmit);
  if (packet->transmit == 0 || packet->receive == 0 || there.count() < 0 || away < there) {
    return tl::unexpected(Refusal::nonsense);
  }
  const auto out = between(to_timestamp(sent), packet->receive);
  const auto back = between(to_timestamp(received), packet->transmit);
  return Sample{out / 2 + back / 2, away - there};
}

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::foreign:
      return "no answer to this request";
    case Refusal::unsynchronised:
      return "the server does not know the time";
    case Refusal::nonsense:
      return "timestamps that cannot be";
    case Refusal::rate:
      return "the server is asked too often";
    case Refusal::denied:
      return "the server does not serve this device";
    case Refusal::silent:
      return "no answer";
  }
  return "";
}

}  // namespace hnbemu::sntp
