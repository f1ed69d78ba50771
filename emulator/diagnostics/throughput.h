#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "diagnostics/report.h"

namespace hnbemu::diagnostics {

// One connection of a TR-143 download or upload, between its BOMTime and its EOMTime. No time: it did not come so far.
struct ThroughputConnection {
  std::optional<WallTime> tcp_open_request{};   // SYN sent; of FTP, of the data connection
  std::optional<WallTime> tcp_open_response{};  // SYN answered
  std::optional<WallTime> request{};            // GET, PUT, RETR or STOR sent: ROMTime
  std::optional<WallTime> begin{};              // BOMTime
  std::optional<WallTime> end{};                // EOMTime
  std::uint64_t test_bytes = 0;                 // of the file and its HTTP headers
  std::uint64_t ip_bytes_received = 0;          // of its TCP connections, headers of TCP and IP included
  std::uint64_t ip_bytes_sent = 0;
};

// What came or went between two times, over all connections.
struct ThroughputInterval {
  WallTime begin{};
  WallTime end{};
  std::uint64_t test_bytes = 0;
  std::uint64_t ip_bytes_received = 0;
  std::uint64_t ip_bytes_sent = 0;
};

struct Throughput {
  std::vector<ThroughputConnection> connections;
  std::optional<ThroughputInterval> full_loading;  // from the latest BOMTime to the earliest EOMTime
  std::vector<ThroughputInterval> increments;
};

struct ThroughputReporting {
  Kind kind = Kind::download;
  bool totals = true;           // TR-181: TotalBytes… cannot be determined where Interface is empty
  bool per_connection = false;  // EnablePerConnectionResults
};
Report throughput_report(const Throughput& measured, const ThroughputReporting& how);

}  // namespace hnbemu::diagnostics
