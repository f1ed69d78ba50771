#include "procedures/henb_public_discovery.h"

#include <array>

#include "procedures/assigned_elements.h"
#include "procedures/cwmp_session.h"
#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.593 5.1.2.3";
constexpr Step kHmsQuery{"1.1", kClause, "public DNS query for the Initial HeMS", to(Party::outer_dns)};
constexpr Step kHmsAnswer{"1.2", kClause, "public DNS answer", answer_from(Party::outer_dns)};
constexpr Step kSession{"1.3", kClause, "connection over TLS with the Initial HeMS", to(Party::initial_hms)};
constexpr Step kInform{"2.1", kClause, "Inform with device identity and location", to(Party::initial_hms)};
constexpr Step kInformResponse{"2.2", kClause, "InformResponse", answer_from(Party::initial_hms)};
constexpr Step kAssign{"3.1", kClause, "Initial HeMS sets the serving elements", from(Party::initial_hms)};
constexpr Step kAcknowledge{"3.2", kClause, "SetParameterValuesResponse", answer_to(Party::initial_hms)};
constexpr Step kEndSession{"4", kClause, "TR-069 session released", to(Party::initial_hms)};
constexpr Step kServingSegwQuery{"5.1", kClause, "public DNS query for the Serving SeGW", to(Party::outer_dns)};
constexpr Step kServingSegwAnswer{"5.2", kClause, "public DNS answer", answer_from(Party::outer_dns)};
constexpr Step kServingIpsec{"5.3", kClause, "IPsec tunnel to the Serving SeGW", to(Party::serving_segw)};
constexpr Step kServingHmsQuery{"5.4", kClause, "DNS query for the Serving HeMS", to(Party::dns)};
constexpr Step kServingHmsAnswer{"5.5", kClause, "DNS answer", answer_from(Party::dns)};

}  // namespace

std::span<const Step> henb_public_discovery_steps() {
  static constexpr std::array kSteps{
      kHmsQuery,     kHmsAnswer,       kSession,         kInform,           kInformResponse,
      kAssign,       kAcknowledge,     kEndSession,      kServingSegwQuery, kServingSegwAnswer,
      kServingIpsec, kServingHmsQuery, kServingHmsAnswer};
  return kSteps;
}

Task<Result<ServingElements>> discover_henb_publicly(Context& context) {
  // 1.1, 1.2
  const auto initial = initial_elements(context);
  if (!initial) co_return initial;
  const ConnectSteps connect_steps{{}, {}, {kHmsQuery, kHmsAnswer}};
  const auto connected = co_await connect_hms(context, kInitialTunnel, *initial, connect_steps);
  if (!connected) co_return tl::unexpected(connected.error());

  // 1.3 to 4
  const SessionSteps session_steps{kSession, kInform, kInformResponse, kAssign, kAcknowledge, kEndSession};
  auto session = run_secured_session(context, *connected, session_steps);
  const auto held = co_await std::move(session);
  if (!held) co_return tl::unexpected(held.error());
  co_return assigned_elements(context);
}

Task<Result<Service>> connect_publicly_found_hems(Context& context, ServingElements elements) {
  ConnectSteps steps{{kServingSegwQuery, kServingSegwAnswer}, kServingIpsec, {kServingHmsQuery, kServingHmsAnswer}};
  steps.public_dns = context.profile.ways.public_dns_for_serving_hems;
  return connect_hms(context, kServingTunnel, std::move(elements), steps);
}

}  // namespace hnbemu::procedures
