#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/time.h"

// The client's side of SNTP (RFC 4330, RFC 5905 14). An NTP daemon of the system would set the clock of the host; a
// device measures by how much its own is wrong.
namespace hnbemu::sntp {

inline constexpr std::uint16_t kPort = 123;
inline constexpr std::size_t kPacketBytes = 48;  // what follows are extensions and MACs, which are not looked at

// 32.32 bits, seconds of the era since 1900 (RFC 5905 6): differences are right within 68 years.
using Timestamp = std::uint64_t;
Timestamp to_timestamp(WallTime time);

struct Packet {
  std::uint8_t leap = 0;  // 3: the server is not synchronised
  std::uint8_t version = 4;
  std::uint8_t mode = 0;  // 3 client, 4 server
  std::uint8_t stratum = 0;
  std::uint32_t root_delay = 0;  // 16.16 bits, seconds
  std::uint32_t root_dispersion = 0;
  std::array<char, 4> reference_id{};  // of stratum 0: the kiss code
  Timestamp reference = 0;
  Timestamp originate = 0;
  Timestamp receive = 0;
  Timestamp transmit = 0;
};

// RFC 5905 figure 8. A request has all zero but version, mode and `nonce` as its transmit timestamp, by which the
// answer is known: what the device's clock says is nobody's business.
std::string request(Timestamp nonce);
std::string encode(const Packet& packet);
std::optional<Packet> parse(std::string_view datagram);

struct Sample {
  std::chrono::microseconds offset{0};  // to be added to the own clock
  std::chrono::microseconds delay{0};   // of the way there and back
};

// Why an answer is none.
enum class Refusal : std::uint8_t {
  foreign,         // no answer to this request: to be left aside, the true one may yet come
  unsynchronised,  // the server does not know the time itself
  nonsense,        // timestamps that cannot be
  rate,            // kiss of death RATE: to be asked less often
  denied,          // DENY, RSTR: never to be asked again
  silent,          // none has come
};
std::string_view to_string(Refusal refusal);

// RFC 4330 5: an answer to the request with that nonce, which left at `sent` and is back at `received`.
tl::expected<Sample, Refusal> judge(std::string_view datagram, Timestamp nonce, WallTime sent, WallTime received);

}  // namespace hnbemu::sntp
