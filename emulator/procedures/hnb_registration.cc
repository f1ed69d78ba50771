#include "procedures/hnb_registration.h"

#include <array>

#include "procedures/cwmp_session.h"
#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.583 5.2.1";
constexpr Step kSegwQuery{"2.1", kClause, "outer DNS query for the Serving SeGW"};
constexpr Step kSegwAnswer{"2.2", kClause, "outer DNS answer"};
constexpr Step kTunnel{"3", kClause, "secure connection to the Serving SeGW"};
constexpr Step kHmsQuery{"4.1", kClause, "inner DNS query for the Serving HMS"};
constexpr Step kHmsAnswer{"4.2", kClause, "inner DNS answer"};
constexpr Step kSession{"5", kClause, "CWMP session with the Serving HMS"};
constexpr Step kInform{"5.1", kClause, "Inform with location and identity"};
constexpr Step kInformResponse{"5.2", kClause, "Inform response"};
constexpr Step kProvision{"5.3", kClause, "Serving HMS provisions the HNB"};
constexpr Step kAcknowledge{"5.4", kClause, "SetParameterValues response"};
constexpr Step kGatewayQuery{"6.1", kClause, "inner DNS query for the HNB-GW"};
constexpr Step kGatewayAnswer{"6.2", kClause, "inner DNS answer"};

}  // namespace

std::span<const Step> hnb_registration_steps() {
  static constexpr std::array kSteps{kSegwQuery, kSegwAnswer,  kTunnel,       kHmsQuery,
                                     kHmsAnswer, kSession,     kInform,       kInformResponse,
                                     kProvision, kAcknowledge, kGatewayQuery, kGatewayAnswer};
  return kSteps;
}

Task<Result<Service>> register_hnb(Context& context, ServingElements elements) {
  // 2.1 to 4.2. By step 1, a secure connection that already stands is used as it is.
  const ConnectSteps connect_steps{{kSegwQuery, kSegwAnswer}, kTunnel, {kHmsQuery, kHmsAnswer}};
  const auto service = co_await connect_hms(context, kServingTunnel, elements, connect_steps);
  if (!service) co_return service;

  // 5.1 to 5.4. The same physical entity has done this in the session of discovery.
  if (!elements.registered) {
    const SessionSteps session_steps{kSession, kInform, kInformResponse, kProvision, kAcknowledge};
    const auto session = co_await run_cwmp_session(context, *service, session_steps);
    if (!session) co_return tl::unexpected(session.error());
  }

  // 6.1, 6.2
  const std::string gateway = context.value_of("gateway");
  if (!gateway.empty()) {
    const ResolveSteps gateway_steps{kGatewayQuery, kGatewayAnswer};
    const auto found = co_await resolve(context, gateway, service->path, gateway_steps);
    if (!found) co_return tl::unexpected(found.error());
  }
  co_return service;
}

}  // namespace hnbemu::procedures
