#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hnbemu::hms {

// The rules of TR-069 that the referee holds a device to. Clauses are those of TR-069 Amendment 2 and later.
enum class Rule : std::uint8_t {
  // HTTP
  http_method,
  http_version,
  soap_action,
  content_type,
  empty_post_headers,
  cookie_missing,
  cookie_unknown,
  cookie_stale,
  authentication,
  client_certificate,
  // SOAP
  malformed_soap,
  soap_irregularity,
  namespace_uri,
  namespace_changed,
  id_missing,
  id_mismatch,
  hold_requests_by_device,
  fault_format,
  // session
  first_not_inform,
  second_inform,
  concurrent_session,
  request_while_held,
  request_while_answer_due,
  request_after_empty_post,
  answer_missing,
  answer_unexpected,
  answer_type,
  // Inform
  device_id,
  oui,
  event_count,
  event_code,
  event_duplicate,
  event_combination,
  command_key,
  max_envelopes,
  current_time,
  retry_count,
  event_lost,
  bootstrap_missing,
  bootstrap_repeated,
  forced_parameter,
  parameter_name,
  parameter_duplicate,
  parameter_type,
  parameter_value,
  // answers to RPCs
  answer_scope,
  answer_status,
};

std::string_view name(Rule rule);    // "forced_parameter"
std::string_view clause(Rule rule);  // "TR-069 A.3.3.1"

// One breach that a device committed.
struct Violation {
  std::string device;  // "" while nobody knows whose request it was
  Rule rule = Rule::malformed_soap;
  std::string text;           // what was wrong, with the value that was
  std::uint64_t session = 0;  // of the journal; 0 outside any session
  std::chrono::system_clock::time_point when{};

  std::string to_string() const;
};

// What the checks of one request found.
class Findings {
 public:
  static constexpr std::size_t kMaxFindings = 64;  // a broken message breaks many rules; the first ones tell enough

  void add(Rule rule, std::string text) {
    if (found_.size() < kMaxFindings) found_.emplace_back(rule, std::move(text));
  }
  const std::vector<std::pair<Rule, std::string>>& all() const { return found_; }
  std::vector<std::pair<Rule, std::string>> take() { return std::exchange(found_, {}); }

 private:
  std::vector<std::pair<Rule, std::string>> found_;
};

}  // namespace hnbemu::hms
