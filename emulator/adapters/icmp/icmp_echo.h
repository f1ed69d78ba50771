#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>

#include "netns/namespace.h"
#include "ports/echo.h"

namespace hnbemu::icmp {

// Packets that are looked at before others of the device's thread have their turn.
inline constexpr unsigned kMaxPacketsPerTurn = 64;

// The Echo port on raw sockets in the device's namespace. The kernel stamps what comes: a busy thread makes no round
// trip longer.
class IcmpEcho : public Echo {
 public:
  // `home` outlives it.
  IcmpEcho(boost::asio::any_io_executor executor, const netns::Namespace& home)
      : executor_(std::move(executor)), home_(home) {}
  Task<Result<EchoReply>> echo(EchoRequest request, Path path, Deadline deadline) override;

 private:
  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::uint32_t next_key_ = 0x10001;  // of a request: both halves, so that no two that are under way are alike
};

}  // namespace hnbemu::icmp
