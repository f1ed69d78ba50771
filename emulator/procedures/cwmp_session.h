#pragma once

#include <optional>

#include "cwmp/session.h"
#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// What one session takes at most, whatever the ACS sends: sixteen bodies of the largest size (cwmp::XmlLimits). The
// worst is a SetParameterValues of as many wrong parameters as there may be: the request, its document and structs, and
// an answer that says so of each.
inline constexpr std::size_t kMaxSessionBytes = std::size_t{128} * 1024 * 1024;

// An ACS that keeps a session going ends nowhere by itself: the session fails before the first message after this time.
inline constexpr std::chrono::hours kLongestSession{1};

// The steps of a procedure that happen inside its CWMP session.
struct SessionSteps {
  Step establish;                 // connection and TLS
  Step inform;                    // Inform sent
  Step accept;                    // InformResponse received
  Step provision;                 // SetParameterValues received
  Step acknowledge;               // SetParameterValuesResponse sent
  std::optional<Step> release{};  // the session ended; some procedures do not number that
};

// One whole CWMP session (TR-069 3.7), from the Inform with the queued events to the end. The error of a session that
// the HMS refused (a SOAP fault or HTTP 403 to the Inform) has Cause::refused_by_hms. What the ACS asked for after the
// session is in `context.asked`.
Task<Result<>> run_cwmp_session(Context& context, Service service, SessionSteps steps);

// The same with an HMS on the public Internet: over TLS or not at all (Cause::configuration).
Task<Result<>> run_secured_session(Context& context, Service service, SessionSteps steps);

}  // namespace hnbemu::procedures
