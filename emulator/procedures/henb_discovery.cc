#include "procedures/henb_discovery.h"

#include <array>

#include "procedures/assigned_elements.h"
#include "procedures/cwmp_session.h"
#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.593 5.1.2.2";
constexpr Step kSegwQuery{"1.1", kClause, "public DNS query for the Initial SeGW", to(Party::outer_dns)};
constexpr Step kSegwAnswer{"1.2", kClause, "public DNS answer", answer_from(Party::outer_dns)};
constexpr Step kTunnel{"1.3", kClause, "IPsec tunnel to the Initial SeGW", to(Party::initial_segw)};
constexpr Step kHmsQuery{"1.4", kClause, "private DNS query for the Initial HeMS", to(Party::inner_dns)};
constexpr Step kHmsAnswer{"1.5", kClause, "private DNS answer", answer_from(Party::inner_dns)};
constexpr Step kSession{"2", kClause, "TR-069 session with the Initial HeMS", to(Party::initial_hms)};
constexpr Step kInform{"2.1", kClause, "Inform with device identity and location", to(Party::initial_hms)};
constexpr Step kInformResponse{"2.2", kClause, "InformResponse", answer_from(Party::initial_hms)};
constexpr Step kAssign{"3.1", kClause, "Initial HeMS sets the serving elements", from(Party::initial_hms)};
constexpr Step kAcknowledge{"3.2", kClause, "SetParameterValuesResponse", answer_to(Party::initial_hms)};
constexpr Step kEndSession{"4", kClause, "TR-069 session released", to(Party::initial_hms)};
constexpr Step kEndTunnel{"5", kClause, "tunnel to the Initial SeGW released", to(Party::initial_segw)};
constexpr Step kServingSegwQuery{"6.1", kClause, "public DNS query for the Serving SeGW", to(Party::outer_dns)};
constexpr Step kServingSegwAnswer{"6.2", kClause, "public DNS answer", answer_from(Party::outer_dns)};
constexpr Step kServingIpsec{"6.3", kClause, "IPsec tunnel to the Serving SeGW", to(Party::serving_segw)};
constexpr Step kServingHmsQuery{"6.4", kClause, "DNS query for the Serving HeMS", to(Party::dns)};
constexpr Step kServingHmsAnswer{"6.5", kClause, "DNS answer", answer_from(Party::dns)};

}  // namespace

std::span<const Step> henb_discovery_steps() {
  static constexpr std::array kSteps{
      kSegwQuery,        kSegwAnswer,        kTunnel,       kHmsQuery,        kHmsAnswer,       kSession,
      kInform,           kInformResponse,    kAssign,       kAcknowledge,     kEndSession,      kEndTunnel,
      kServingSegwQuery, kServingSegwAnswer, kServingIpsec, kServingHmsQuery, kServingHmsAnswer};
  return kSteps;
}

Task<Result<ServingElements>> discover_henb(Context& context) {
  // 1.1 to 1.5
  const auto initial = initial_elements(context);
  if (!initial) co_return initial;
  const ConnectSteps connect_steps{{kSegwQuery, kSegwAnswer}, kTunnel, {kHmsQuery, kHmsAnswer}};
  const auto connected = co_await connect_hms(context, kInitialTunnel, *initial, connect_steps);
  if (!connected) co_return tl::unexpected(connected.error());

  // 2.1 to 4
  const SessionSteps session_steps{kSession, kInform, kInformResponse, kAssign, kAcknowledge, kEndSession};
  const auto session = co_await run_cwmp_session(context, *connected, session_steps);
  if (!session) co_return tl::unexpected(session.error());

  auto elements = assigned_elements(context);
  if (!elements) co_return elements;
  if (elements->registered) {  // 4.2.3: the Initial SeGW can be the same as the Serving SeGW
    elements->tunnel = connected->tunnel;
    co_return elements;
  }

  // 5
  if (context.profile.ways.keep_initial_tunnel) co_return elements;
  const auto released = co_await release_tunnel(context, kInitialTunnel, kEndTunnel);
  if (!released) co_return tl::unexpected(released.error());
  co_return elements;
}

Task<Result<Service>> connect_serving_hems(Context& context, ServingElements elements) {
  // 6.1 to 6.5. The text of 6.4 says "public DNS", its figure and 6.5 private: the profile says which.
  ConnectSteps steps{{kServingSegwQuery, kServingSegwAnswer}, kServingIpsec, {kServingHmsQuery, kServingHmsAnswer}};
  steps.public_dns = context.profile.ways.public_dns_for_serving_hems;
  return connect_hms(context, kServingTunnel, std::move(elements), steps);
}

}  // namespace hnbemu::procedures
