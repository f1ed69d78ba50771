#include "diagnostics/throughput.h"

#include <algorithm>

namespace hnbemu::diagnostics {
namespace {

using Connection = ThroughputConnection;
using Time = std::optional<WallTime> Connection::*;

std::string text(const std::optional<WallTime>& time) {
  return time ? to_date_time(*time) : std::string(unknown_time);
}

std::optional<WallTime> earliest(const std::vector<Connection>& connections, Time time) {
  std::optional<WallTime> found;
  for (const auto& connection : connections) {
    const auto& value = connection.*time;
    if (value && (!found || *value < *found)) found = value;
  }
  return found;
}

std::optional<WallTime> latest(const std::vector<Connection>& connections, Time time) {
  std::optional<WallTime> found;
  for (const auto& connection : connections) found = std::max(found, connection.*time);
  return found;
}

struct Bytes {
  std::uint64_t test = 0;
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
};

void add_bytes(std::vector<Field>& fields, const Bytes& bytes, const ThroughputReporting& how,
               const std::string& suffix = {}) {
  const auto direction = how.kind == Kind::download ? "Received" : "Sent";
  fields.push_back({fmt::format("TestBytes{}{}", direction, suffix), fmt::to_string(bytes.test)});
  fields.push_back({"TotalBytesReceived" + suffix, fmt::to_string(how.totals ? bytes.received : 0)});
  fields.push_back({"TotalBytesSent" + suffix, fmt::to_string(how.totals ? bytes.sent : 0)});
}

std::vector<Field> row_of(const Connection& connection, const ThroughputReporting& how) {
  std::vector<Field> row{{"ROMTime", text(connection.request)},
                         {"BOMTime", text(connection.begin)},
                         {"EOMTime", text(connection.end)},
                         {"TCPOpenRequestTime", text(connection.tcp_open_request)},
                         {"TCPOpenResponseTime", text(connection.tcp_open_response)}};
  add_bytes(row, {connection.test_bytes, connection.ip_bytes_received, connection.ip_bytes_sent}, how);
  return row;
}

std::vector<Field> row_of(const ThroughputInterval& interval, const ThroughputReporting& how) {
  std::vector<Field> row{{"StartTime", text(interval.begin)}, {"EndTime", text(interval.end)}};
  add_bytes(row, {interval.test_bytes, interval.ip_bytes_received, interval.ip_bytes_sent}, how);
  return row;
}

}  // namespace

Report throughput_report(const Throughput& measured, const ThroughputReporting& how) {
  auto report = completed();
  const auto& all = measured.connections;
  report.values = {{"ROMTime", text(earliest(all, &Connection::request))},
                   {"BOMTime", text(earliest(all, &Connection::begin))},
                   {"EOMTime", text(latest(all, &Connection::end))},
                   {"TCPOpenRequestTime", text(latest(all, &Connection::tcp_open_request))},
                   {"TCPOpenResponseTime", text(latest(all, &Connection::tcp_open_response))}};
  Bytes sum;
  Table connections{"PerConnectionResult", {}};
  for (const auto& connection : all) {
    sum.test += connection.test_bytes;
    sum.received += connection.ip_bytes_received;
    sum.sent += connection.ip_bytes_sent;
    if (how.per_connection) connections.rows.push_back(row_of(connection, how));
  }
  add_bytes(report.values, sum, how);
  if (const auto& full = measured.full_loading) {
    add_bytes(report.values, {full->test_bytes, full->ip_bytes_received, full->ip_bytes_sent}, how, "UnderFullLoading");
    report.values.push_back({"PeriodOfFullLoading", fmt::to_string((full->end - full->begin).count())});
  }
  Table increments{"IncrementalResult", {}};
  for (const auto& interval : measured.increments) increments.rows.push_back(row_of(interval, how));
  report.tables = {std::move(connections), std::move(increments)};
  return report;
}

}  // namespace hnbemu::diagnostics
