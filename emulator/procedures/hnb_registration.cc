#include "procedures/hnb_registration.h"

#include <array>

#include "procedures/cwmp_session.h"
#include "procedures/gateway_registration.h"
#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.583 5.2.1";
constexpr Step kSegwQuery{"2.1", kClause, "outer DNS query for the Serving SeGW", to(Party::outer_dns)};
constexpr Step kSegwAnswer{"2.2", kClause, "outer DNS answer", answer_from(Party::outer_dns)};
constexpr Step kOuterHmsQuery{"2.1", kClause, "outer DNS query for the Serving HMS", to(Party::outer_dns)};
constexpr Step kOuterHmsAnswer{"2.2", kClause, "outer DNS answer", answer_from(Party::outer_dns)};
constexpr Step kTunnel{"3", kClause, "secure connection to the Serving SeGW", to(Party::serving_segw)};
constexpr Step kHmsQuery{"4.1", kClause, "inner DNS query for the Serving HMS", to(Party::inner_dns)};
constexpr Step kHmsAnswer{"4.2", kClause, "inner DNS answer", answer_from(Party::inner_dns)};
constexpr Step kSession{"5", kClause, "CWMP session with the Serving HMS", to(Party::serving_hms)};
constexpr Step kInform{"5.1", kClause, "Inform with location and identity", to(Party::serving_hms)};
constexpr Step kInformResponse{"5.2", kClause, "Inform response", answer_from(Party::serving_hms)};
constexpr Step kProvision{"5.3", kClause, "Serving HMS provisions the HNB", from(Party::serving_hms)};
constexpr Step kAcknowledge{"5.4", kClause, "SetParameterValues response", answer_to(Party::serving_hms)};
constexpr Step kGatewayQuery{"6.1", kClause, "inner DNS query for the HNB-GW", to(Party::inner_dns)};
constexpr Step kGatewayAnswer{"6.2", kClause, "inner DNS answer", answer_from(Party::inner_dns)};
constexpr Step kGatewayRegistration{"7", kClause, "registration with the HNB-GW", to(Party::gateway)};

const GatewaySteps& gateway_steps() {
  static const GatewaySteps kSteps{{kGatewayQuery, kGatewayAnswer}, kGatewayRegistration};
  return kSteps;
}

}  // namespace

std::span<const Step> hnb_registration_steps() {
  static constexpr std::array kSteps{
      kSegwQuery, kSegwAnswer,  kTunnel,       kHmsQuery,      kHmsAnswer,          kSession, kInform, kInformResponse,
      kProvision, kAcknowledge, kGatewayQuery, kGatewayAnswer, kGatewayRegistration};
  return kSteps;
}

Task<Result<Service>> register_hnb(Context& context, ServingElements elements) {
  // 2.1 to 4.2. By step 1, a secure connection that already stands is used as it is.
  ConnectSteps connect_steps{{kSegwQuery, kSegwAnswer}, kTunnel, {kHmsQuery, kHmsAnswer}};
  connect_steps.outer_hms = {kOuterHmsQuery, kOuterHmsAnswer};
  auto service = co_await connect_hms(context, kServingTunnel, elements, connect_steps);
  if (!service) co_return service;

  // 5.1 to 5.4. The same physical entity has done this in the session of discovery.
  if (!elements.registered) {
    const SessionSteps session_steps{kSession, kInform, kInformResponse, kProvision, kAcknowledge};
    const auto session = co_await run_cwmp_session(context, *service, session_steps);
    if (!session) co_return tl::unexpected(session.error());
  }

  // 6.1 to 7
  const auto registered = co_await register_with_hnb_gateway(context, *service);
  if (!registered) co_return tl::unexpected(registered.error());
  co_return service;
}

Task<Result<>> register_with_hnb_gateway(Context& context, Service& service) {
  return register_with_gateway(context, service, gateway_steps());
}

}  // namespace hnbemu::procedures
