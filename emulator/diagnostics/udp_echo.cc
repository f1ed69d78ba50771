#include "diagnostics/udp_echo.h"

namespace hnbemu::diagnostics {
namespace {

enum Place : std::size_t { kRespSn = 4, kReceived = 8, kReplied = 12, kFailures = 16 };

void put(std::string& bytes, Place place, std::uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) bytes[place + i] = static_cast<char>(number >> (24 - 8 * i) & 0xff);
}

std::uint32_t stamp_of(WallTime time) {
  return static_cast<std::uint32_t>(time.time_since_epoch().count());
}

}  // namespace

void UdpEcho::reset() {
  failures_ = 0;
  statistics_ = {};
}

void UdpEcho::configure(const IpAddress& client, bool plus) {
  client_ = client;
  plus_ = plus;
}

std::optional<std::string> UdpEcho::received(const IpAddress& peer, std::string_view payload, WallTime at) {
  if (client_.is_unspecified() || peer != client_) return std::nullopt;
  ++statistics_.packets_received;
  statistics_.bytes_received += static_cast<std::uint32_t>(payload.size() + kUdpHeader);
  if (!statistics_.first_packet) statistics_.first_packet = at;
  statistics_.last_packet = at;
  std::string reply(payload);
  if (is_plus(payload)) {
    put(reply, kRespSn, statistics_.packets_responded + 1);
    put(reply, kReceived, stamp_of(at));
    put(reply, kFailures, failures_);
  }
  return reply;
}

void UdpEcho::stamp(std::string& reply, WallTime at) const {
  if (is_plus(reply)) put(reply, kReplied, stamp_of(at));
}

void UdpEcho::sent(const std::string& reply, bool went) {
  if (!went) {
    ++failures_;
    return;
  }
  ++statistics_.packets_responded;
  statistics_.bytes_responded += static_cast<std::uint32_t>(reply.size() + kUdpHeader);
}

}  // namespace hnbemu::diagnostics
