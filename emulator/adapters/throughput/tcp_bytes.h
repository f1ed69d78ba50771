#pragma once

#include <cstdint>

namespace hnbemu::throughput {

// What went over one TCP connection at the IP layer: its data, also what was sent twice, and the headers of each
// segment.
struct TcpBytes {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::uint64_t data_sent = 0;    // without the headers
  std::uint32_t segment = 1'448;  // data of a full one, in bytes
  std::uint32_t overhead = 52;    // headers of one
};

// As the kernel has counted so far; all 0 if it is no TCP socket.
TcpBytes tcp_bytes(int socket);

}  // namespace hnbemu::throughput
