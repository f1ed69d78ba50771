#include "diagnostics/name_lookup.h"

#include <algorithm>

namespace hnbemu::diagnostics {
namespace {

constexpr std::size_t kMaxAddresses = 10;  // TR-181 Result.{i}.IPAddresses

const char* word_of(LookupStatus status) {
  switch (status) {
    case LookupStatus::success:
      return "Success";
    case LookupStatus::server_not_available:
      return "Error_DNSServerNotAvailable";
    case LookupStatus::host_name_not_resolved:
      return "Error_HostNameNotResolved";
    case LookupStatus::timeout:
      return "Error_Timeout";
    case LookupStatus::other:
      break;
  }
  return "Error_Other";
}

std::vector<Field> row_of(const Lookup& lookup) {
  std::vector<std::string> addresses;
  for (const auto& address : lookup.addresses) {
    if (addresses.size() < kMaxAddresses) addresses.push_back(address.to_string());
  }
  const bool success = lookup.status == LookupStatus::success;
  const char* const type = lookup.authoritative ? "Authoritative" : "NonAuthoritative";
  return {{"Status", word_of(lookup.status)},
          {"AnswerType", success ? type : "None"},
          {"HostNameReturned", lookup.name},
          {"IPAddresses", fmt::format("{}", fmt::join(addresses, ","))},
          {"DNSServerIP", lookup.server ? lookup.server->to_string() : ""},
          {"ResponseTime", fmt::to_string(to_response_ms(lookup.time))}};
}

}  // namespace

Report lookup_report(const std::vector<Lookup>& lookups) {
  const auto successes = std::ranges::count(lookups, LookupStatus::success, &Lookup::status);
  auto report = successes > 0 ? completed() : failed(Failure::other);
  report.values.push_back({"SuccessCount", fmt::to_string(successes)});
  Table table{"Result", {}};
  for (const auto& lookup : lookups) table.rows.push_back(row_of(lookup));
  report.tables.push_back(std::move(table));
  return report;
}

}  // namespace hnbemu::diagnostics
