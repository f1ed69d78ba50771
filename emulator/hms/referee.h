#pragma once

#include <cstdint>
#include <vector>

#include "cwmp/messages.h"
#include "hms/fap_model.h"
#include "hms/http_message.h"
#include "hms/violation.h"

// The referee's checks, each of one message in itself or against what is known of its device. They say what is wrong
// and change nothing; the order of messages in a session is judged by Session.
namespace hnbemu::hms::referee {

inline constexpr std::size_t kMaxEvents = 64;  // TR-069 A.3.3.1
inline constexpr std::size_t kMaxCommandKeyLength = 32;
inline constexpr std::size_t kMaxParameterNameLength = 256;

// What earlier sessions with this HMS tell about the next Inform of a device.
struct DeviceHistory {
  bool bootstrap_due = true;       // no Inform with `0 BOOTSTRAP` was answered yet
  bool bootstrap_settled = false;  // … and its session ended well
  bool bootstrap_allowed = false;  // since then the ACS URL was changed or the device reset
  bool last_session_failed = false;
  std::uint32_t last_retry_count = 0;
  std::vector<cwmp::EventStruct> undelivered;  // of Informs that were never answered
};

void check_http(const HttpRequest& request, Findings& findings);
void check_certificate(const HttpRequest& request, const cwmp::DeviceId& device, Findings& findings);

void check_inform(const cwmp::Inform& inform, Findings& findings);
void check_events(const std::vector<cwmp::EventStruct>& events, Findings& findings);
void check_forced_parameters(const cwmp::Inform& inform, Findings& findings);
void check_history(const cwmp::Inform& inform, const DeviceHistory& history, Findings& findings);

// Names, types and lexical forms of the parameters in an Inform or an answer.
void check_parameters(const std::vector<cwmp::ParameterValueStruct>& parameters, Findings& findings);

// Whether `answer` is the response of `request`'s method, or a fault.
bool is_answer_to(const cwmp::Body& request, const cwmp::Body& answer);
// The content of an answer of the right type.
void check_answer(const cwmp::Body& request, const cwmp::Body& answer, Findings& findings);

}  // namespace hnbemu::hms::referee
