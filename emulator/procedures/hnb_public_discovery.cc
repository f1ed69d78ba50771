#include "procedures/hnb_public_discovery.h"

#include <array>

#include "procedures/assigned_elements.h"
#include "procedures/cwmp_session.h"
#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.583 5.1.2";
constexpr Step kLan{"1", kClause, "LAN connectivity"};
constexpr Step kHmsQuery{"2", kClause, "outer DNS query for the Initial HMS", to(Party::outer_dns)};
constexpr Step kSession{"3", kClause, "TR-069 session over TLS with the Initial HMS", to(Party::initial_hms)};
constexpr Step kInform{"4", kClause, "Inform with location and identity", to(Party::initial_hms)};
constexpr Step kInformResponse{"5", kClause, "Inform response: location accepted", answer_from(Party::initial_hms)};
constexpr Step kAssign{"6", kClause, "Initial HMS sets the serving elements", from(Party::initial_hms)};
constexpr Step kAcknowledge{"7", kClause, "SetParameterValues response", answer_to(Party::initial_hms)};
constexpr Step kEndSession{"8", kClause, "CWMP session released", to(Party::initial_hms)};

}  // namespace

std::span<const Step> hnb_public_discovery_steps() {
  static constexpr std::array kSteps{kLan,    kHmsQuery,    kSession,   kInform, kInformResponse,
                                     kAssign, kAcknowledge, kEndSession};
  return kSteps;
}

Task<Result<ServingElements>> discover_hnb_publicly(Context& context) {
  // 1. The access network is there before the device is powered up.
  const auto powered = co_await context.steps.reach(kLan);
  if (!powered) co_return tl::unexpected(powered.error());
  context.steps.record(kLan, Millis{0});

  // 2
  const auto initial = initial_elements(context);
  if (!initial) co_return initial;
  const ConnectSteps connect_steps{{}, {}, {kHmsQuery, std::nullopt}};
  const auto connected = co_await connect_hms(context, kInitialTunnel, *initial, connect_steps);
  if (!connected) co_return tl::unexpected(connected.error());

  // 3 to 8
  const SessionSteps session_steps{kSession, kInform, kInformResponse, kAssign, kAcknowledge, kEndSession};
  auto session = run_secured_session(context, *connected, session_steps);
  const auto held = co_await std::move(session);
  if (!held) co_return tl::unexpected(held.error());
  co_return assigned_elements(context);  // 9: registration
}

}  // namespace hnbemu::procedures
