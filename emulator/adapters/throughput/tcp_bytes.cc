#include "adapters/throughput/tcp_bytes.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace hnbemu::throughput {
namespace {

constexpr std::uint32_t kHeaders = 40;     // RFC 791 and RFC 9293
constexpr std::uint32_t kTimestamps = 12;  // RFC 7323

}  // namespace

TcpBytes tcp_bytes(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  TcpBytes bytes;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return bytes;
  const bool stamped = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0;
  bytes.overhead = kHeaders + (stamped ? kTimestamps : 0);
  if (info.tcpi_snd_mss != 0) bytes.segment = info.tcpi_snd_mss;
  bytes.received = info.tcpi_bytes_received + std::uint64_t{info.tcpi_segs_in} * bytes.overhead;
  bytes.sent = info.tcpi_bytes_sent + std::uint64_t{info.tcpi_segs_out} * bytes.overhead;
  bytes.data_sent = info.tcpi_bytes_sent;
  return bytes;
}

}  // namespace hnbemu::throughput
