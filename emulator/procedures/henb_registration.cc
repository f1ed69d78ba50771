#include "procedures/henb_registration.h"

#include <array>

#include "procedures/cwmp_session.h"
#include "procedures/gateway_registration.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.593 5.1.3";
constexpr Step kSession{"1", kClause, "TR-069 session with the Serving HeMS", to(Party::serving_hms)};
constexpr Step kInform{"1.1", kClause, "Inform with device identity and location", to(Party::serving_hms)};
constexpr Step kInformResponse{"1.2", kClause, "InformResponse", answer_from(Party::serving_hms)};
constexpr Step kProvision{"2.1", kClause, "Serving HeMS sets the S1 far-end address", from(Party::serving_hms)};
constexpr Step kAcknowledge{"2.2", kClause, "SetParameterValuesResponse", answer_to(Party::serving_hms)};
constexpr Step kEndSession{"3", kClause, "TR-069 session released", to(Party::serving_hms)};
constexpr Step kFarEndQuery{"4", kClause, "DNS query for the S1 far end", to(Party::dns)};
constexpr Step kS1Setup{"4", kClause, "S1 Setup", to(Party::gateway)};

}  // namespace

std::span<const Step> henb_registration_steps() {
  static constexpr std::array kSteps{kSession,     kInform,     kInformResponse, kProvision,
                                     kAcknowledge, kEndSession, kS1Setup};
  return kSteps;
}

Task<Result<>> register_henb(Context& context, Service& service, bool registered) {
  // 1.1 to 3
  if (!registered) {
    const SessionSteps steps{kSession, kInform, kInformResponse, kProvision, kAcknowledge, kEndSession};
    const auto session = co_await run_cwmp_session(context, service, steps);
    if (!session) co_return tl::unexpected(session.error());
  }
  // 4
  co_return co_await set_s1_up(context, service);
}

Task<Result<>> set_s1_up(Context& context, Service& service) {
  const GatewaySteps steps{{kFarEndQuery, std::nullopt}, kS1Setup};
  return register_with_gateway(context, service, steps);
}

}  // namespace hnbemu::procedures
