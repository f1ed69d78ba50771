#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/time.h"

namespace hnbemu::diagnostics {

// The server of UDP Echo (RFC 862) and UDP Echo Plus (TR-143 A.1): what it answers, and what it counts, since it was
// enabled. An Echo Plus payload begins with five numbers of 32 bits in network order: TestGenSN (the client's),
// TestRespSN, TestRespRecvTimeStamp, TestRespReplyTimeStamp (µs, they wrap) and TestRespReplyFailureCount. What is
// shorter is plain echo.
class UdpEcho {
 public:
  static constexpr std::size_t kPlusBytes = 20;
  static constexpr std::size_t kUdpHeader = 8;

  struct Statistics {
    std::uint32_t packets_received = 0;
    std::uint32_t packets_responded = 0;
    std::uint32_t bytes_received = 0;  // with the UDP header
    std::uint32_t bytes_responded = 0;
    std::optional<WallTime> first_packet{};
    std::optional<WallTime> last_packet{};
  };

  void reset();  // it has been enabled
  // It answers `client` alone; the unspecified address is nobody's.
  void configure(const IpAddress& client, bool plus);
  // The reply to what came from `peer`; nothing if it is not to be answered. sent() says whether the reply went.
  std::optional<std::string> received(const IpAddress& peer, std::string_view payload, WallTime at);
  // To be called with each reply right before it goes: when that is.
  void stamp(std::string& reply, WallTime at) const;
  void sent(const std::string& reply, bool went);
  const Statistics& statistics() const { return statistics_; }

 private:
  bool is_plus(std::string_view payload) const { return plus_ && payload.size() >= kPlusBytes; }

  IpAddress client_;
  bool plus_ = false;
  std::uint32_t failures_ = 0;
  Statistics statistics_;
};

}  // namespace hnbemu::diagnostics
