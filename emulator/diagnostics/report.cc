#include "diagnostics/report.h"

#include <numeric>

namespace hnbemu::diagnostics {
namespace {

// The failure's own word first, then what comes nearest in models that lack it.
std::vector<std::string> words_of(Failure failure) {
  switch (failure) {
    case Failure::cannot_resolve_host_name:
      return {"Error_CannotResolveHostName", "Error_InitConnectionFailed"};
    case Failure::dns_server_not_resolved:
      return {"Error_DNSServerNotResolved"};
    case Failure::no_route_to_host:
      return {"Error_NoRouteToHost", "Error_InitConnectionFailed"};
    case Failure::max_hop_count_exceeded:
      return {"Error_MaxHopCountExceeded"};
    case Failure::init_connection_failed:
      return {"Error_InitConnectionFailed"};
    case Failure::no_response:
      return {"Error_NoResponse"};
    case Failure::transfer_failed:
      return {"Error_TransferFailed", "Error_NoTransferComplete"};
    case Failure::password_request_failed:
      return {"Error_PasswordRequestFailed"};
    case Failure::login_failed:
      return {"Error_LoginFailed"};
    case Failure::no_transfer_mode:
      return {"Error_NoTransferMode"};
    case Failure::no_pasv:
      return {"Error_NoPASV"};
    case Failure::no_cwd:
      return {"Error_NoCWD", "Error_TransferFailed"};
    case Failure::no_stor:
      return {"Error_NoSTOR"};
    case Failure::no_transfer_complete:
      return {"Error_NoTransferComplete", "Error_TransferFailed"};
    case Failure::incorrect_size:
      return {"Error_IncorrectSize", "Error_NoTransferComplete"};
    case Failure::timeout:
      return {"Error_Timeout", "Error_NoTransferComplete", "Error_NoResponse"};
    case Failure::internal:
      return {"Error_Internal"};
    case Failure::other:
      return {"Error_Other"};
  }
  return {};
}

// What some model has for any failure at all.
constexpr const char* kAnyFailure[] = {"Error_Other",
                                       "Error_Internal",
                                       "Error",
                                       "Error_InitConnectionFailed",
                                       "Error_MaxHopCountExceeded",
                                       "Error_CannotResolveHostName"};

void set_rows(datamodel::DataModel& model, const std::string& table, std::size_t count) {
  model.restore_table(table, {});  // so that the new rows are fresh ones, and begin with 1
  if (count == 0) return;
  datamodel::TableState state;
  state.last_number = static_cast<std::uint32_t>(count);
  state.rows.resize(count);
  std::iota(state.rows.begin(), state.rows.end(), 1);
  model.restore_table(table, state);
}

constexpr const char* kCounts[] = {"SuccessCount",
                                   "FailureCount",
                                   "AverageResponseTime",
                                   "MinimumResponseTime",
                                   "MaximumResponseTime",
                                   "AverageResponseTimeDetailed",
                                   "MinimumResponseTimeDetailed",
                                   "MaximumResponseTimeDetailed",
                                   "ResponseTime",
                                   "TestBytesReceived",
                                   "TestBytesSent",
                                   "TotalBytesReceived",
                                   "TotalBytesSent",
                                   "TestBytesReceivedUnderFullLoading",
                                   "TestBytesSentUnderFullLoading",
                                   "TotalBytesReceivedUnderFullLoading",
                                   "TotalBytesSentUnderFullLoading",
                                   "PeriodOfFullLoading"};
constexpr const char* kTimes[] = {"ROMTime", "BOMTime", "EOMTime", "TCPOpenRequestTime", "TCPOpenResponseTime"};
constexpr const char* kTables[] = {"RouteHops", "Result", "PerConnectionResult", "IncrementalResult"};

}  // namespace

Report failed(Failure failure) {
  Report report{words_of(failure), {}, {}};
  report.states.insert(report.states.end(), std::begin(kAnyFailure), std::end(kAnyFailure));
  return report;
}

Report completed() {
  return {{"Complete", "Completed"}, {}, {}};
}

void write(datamodel::DataModel& model, const TestObject& object, const Report& report) {
  for (const auto& [name, value] : report.values) model.update(object.path + name, value);
  for (const auto& table : report.tables) {
    const auto path = object.path + table.name + ".";
    set_rows(model, path, table.rows.size());
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      for (const auto& [name, value] : table.rows[i]) model.update(fmt::format("{}{}.{}", path, i + 1, name), value);
    }
  }
  for (const auto& state : report.states) {
    if (model.update(object.path + "DiagnosticsState", state)) return;
  }
}

void clear_results(datamodel::DataModel& model, const TestObject& object) {
  for (const auto* const name : kCounts) model.update(object.path + name, "0");
  for (const auto* const name : kTimes) model.update(object.path + name, unknown_time);
  for (const auto* const name : kTables) model.restore_table(object.path + name + ".", {});
  model.update(object.path + "IPAddressUsed", "");
}

void clear(datamodel::DataModel& model, const TestObject& object) {
  clear_results(model, object);
  model.update(object.path + "DiagnosticsState", "None");
}

}  // namespace hnbemu::diagnostics
