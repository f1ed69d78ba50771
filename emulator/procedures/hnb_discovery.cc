#include "procedures/hnb_discovery.h"

#include <array>

#include "procedures/assigned_elements.h"
#include "procedures/cwmp_session.h"
#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.583 5.1.1";
constexpr Step kLan{"1", kClause, "LAN connectivity"};
constexpr Step kSegwQuery{"2.1", kClause, "outer DNS query for the Initial SeGW", to(Party::outer_dns)};
constexpr Step kSegwAnswer{"2.2", kClause, "outer DNS answer", answer_from(Party::outer_dns)};
constexpr Step kTunnel{"2.3", kClause, "secure connection to the Initial SeGW", to(Party::initial_segw)};
constexpr Step kHmsQuery{"2.4", kClause, "inner DNS query for the Initial HMS", to(Party::inner_dns)};
constexpr Step kHmsAnswer{"2.5", kClause, "inner DNS answer", answer_from(Party::inner_dns)};
constexpr Step kSession{"3", kClause, "CWMP session with the Initial HMS", to(Party::initial_hms)};
constexpr Step kInform{"4", kClause, "Inform with location and identity", to(Party::initial_hms)};
constexpr Step kInformResponse{"5", kClause, "Inform response: location accepted", answer_from(Party::initial_hms)};
constexpr Step kAssign{"6", kClause, "Initial HMS sets the serving elements", from(Party::initial_hms)};
constexpr Step kAcknowledge{"7", kClause, "SetParameterValues response", answer_to(Party::initial_hms)};
constexpr Step kEndSession{"8", kClause, "CWMP session released", to(Party::initial_hms)};
constexpr Step kEndTunnel{"9", kClause, "tunnel to the Initial SeGW released", to(Party::initial_segw)};

}  // namespace

std::span<const Step> hnb_discovery_steps() {
  static constexpr std::array kSteps{kLan,         kSegwQuery,  kSegwAnswer, kTunnel,         kHmsQuery,
                                     kHmsAnswer,   kSession,    kInform,     kInformResponse, kAssign,
                                     kAcknowledge, kEndSession, kEndTunnel};
  return kSteps;
}

Task<Result<ServingElements>> discover_hnb(Context& context) {
  // 1. The access network is there before the device is powered up.
  const auto powered = co_await context.steps.reach(kLan);
  if (!powered) co_return tl::unexpected(powered.error());
  context.steps.record(kLan, Millis{0});

  // 2.1 to 2.5
  const auto initial = initial_elements(context);
  if (!initial) co_return initial;
  const ConnectSteps connect_steps{{kSegwQuery, kSegwAnswer}, kTunnel, {kHmsQuery, kHmsAnswer}};
  const auto connected = co_await connect_hms(context, kInitialTunnel, *initial, connect_steps);
  if (!connected) co_return tl::unexpected(connected.error());

  // 3 to 8
  const SessionSteps session_steps{kSession, kInform, kInformResponse, kAssign, kAcknowledge, kEndSession};
  const auto session = co_await run_cwmp_session(context, *connected, session_steps);
  if (!session) co_return tl::unexpected(session.error());

  auto elements = assigned_elements(context);
  if (!elements) co_return elements;
  if (elements->registered) {  // 7: go to step 10
    elements->tunnel = connected->tunnel;
    co_return elements;
  }

  // 9
  if (context.profile.ways.keep_initial_tunnel) co_return elements;
  const auto released = co_await release_tunnel(context, kInitialTunnel, kEndTunnel);
  if (!released) co_return tl::unexpected(released.error());
  co_return elements;  // 10: registration
}

}  // namespace hnbemu::procedures
