#include "hms/violation.h"

#include <fmt/format.h>

#include <cstddef>

namespace hnbemu::hms {
namespace {

struct Entry {
  Rule rule;
  std::string_view name;
  std::string_view clause;
};

// In the order of Rule.
constexpr Entry kRules[] = {
    {Rule::http_method, "http_method", "TR-069 3.4.1"},
    {Rule::http_version, "http_version", "TR-069 3.4"},
    {Rule::soap_action, "soap_action", "TR-069 3.4.1"},
    {Rule::content_type, "content_type", "TR-069 3.4.1"},
    {Rule::empty_post_headers, "empty_post_headers", "TR-069 3.4.1"},
    {Rule::cookie_missing, "cookie_missing", "TR-069 3.4.2"},
    {Rule::cookie_unknown, "cookie_unknown", "TR-069 3.4.2"},
    {Rule::cookie_stale, "cookie_stale", "TR-069 3.4.2"},
    {Rule::authentication, "authentication", "TR-069 3.4.5"},
    {Rule::client_certificate, "client_certificate", "TR-069 3.4.4"},
    {Rule::malformed_soap, "malformed_soap", "TR-069 3.5"},
    {Rule::soap_irregularity, "soap_irregularity", "TR-069 3.5"},
    {Rule::namespace_uri, "namespace_uri", "TR-069 3.5"},
    {Rule::namespace_changed, "namespace_changed", "TR-069 3.7.4"},
    {Rule::id_missing, "id_missing", "TR-069 3.5"},
    {Rule::id_mismatch, "id_mismatch", "TR-069 3.5"},
    {Rule::hold_requests_by_device, "hold_requests_by_device", "TR-069 3.5"},
    {Rule::fault_format, "fault_format", "TR-069 3.5, A.5.1"},
    {Rule::first_not_inform, "first_not_inform", "TR-069 3.7.1.1"},
    {Rule::second_inform, "second_inform", "TR-069 3.7.1.1"},
    {Rule::concurrent_session, "concurrent_session", "TR-069 3.7"},
    {Rule::request_while_held, "request_while_held", "TR-069 3.7.1.3"},
    {Rule::request_while_answer_due, "request_while_answer_due", "TR-069 3.7.1.3"},
    {Rule::request_after_empty_post, "request_after_empty_post", "TR-069 3.7.1.4"},
    {Rule::answer_missing, "answer_missing", "TR-069 3.7.1.2"},
    {Rule::answer_unexpected, "answer_unexpected", "TR-069 3.7.1.2"},
    {Rule::answer_type, "answer_type", "TR-069 3.7.1.2"},
    {Rule::device_id, "device_id", "TR-069 A.3.3.1"},
    {Rule::oui, "oui", "TR-069 A.3.3.1"},
    {Rule::event_count, "event_count", "TR-069 A.3.3.1"},
    {Rule::event_code, "event_code", "TR-069 3.7.1.5"},
    {Rule::event_duplicate, "event_duplicate", "TR-069 3.7.1.5"},
    {Rule::event_combination, "event_combination", "TR-069 3.7.1.5"},
    {Rule::command_key, "command_key", "TR-069 A.3.3.1"},
    {Rule::max_envelopes, "max_envelopes", "TR-069 A.3.3.1"},
    {Rule::current_time, "current_time", "TR-069 A.3.3.1"},
    {Rule::retry_count, "retry_count", "TR-069 3.2.1.1"},
    {Rule::event_lost, "event_lost", "TR-069 3.7.1.5"},
    {Rule::bootstrap_missing, "bootstrap_missing", "TR-069 3.7.1.5"},
    {Rule::bootstrap_repeated, "bootstrap_repeated", "TR-069 3.7.1.5"},
    {Rule::forced_parameter, "forced_parameter", "TR-069 A.3.3.1"},
    {Rule::parameter_name, "parameter_name", "TR-106 3.1"},
    {Rule::parameter_duplicate, "parameter_duplicate", "TR-069 A.3.3.1"},
    {Rule::parameter_type, "parameter_type", "TR-106 3.2"},
    {Rule::parameter_value, "parameter_value", "TR-106 3.2"},
    {Rule::answer_scope, "answer_scope", "TR-069 A.3.2.2, A.3.2.3"},
    {Rule::answer_status, "answer_status", "TR-069 A.3.2.1"},
};

constexpr bool in_order() {
  std::size_t index = 0;
  for (const Entry& entry : kRules) {
    if (static_cast<std::size_t>(entry.rule) != index++) return false;
  }
  return index == static_cast<std::size_t>(Rule::answer_status) + 1;
}
static_assert(in_order());

}  // namespace

std::string_view name(Rule rule) {
  return kRules[static_cast<std::size_t>(rule)].name;
}
std::string_view clause(Rule rule) {
  return kRules[static_cast<std::size_t>(rule)].clause;
}

std::string Violation::to_string() const {
  return fmt::format("{}: {} ({}): {}", device.empty() ? "unknown device" : device, name(rule), clause(rule), text);
}

}  // namespace hnbemu::hms
