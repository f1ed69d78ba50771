#include "procedures/cpe_registration.h"

#include <array>

#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kFinding = "TR-069 3.1";
constexpr Step kSegwQuery{"1.1", kFinding, "outer DNS query for the SeGW", to(Party::outer_dns)};
constexpr Step kSegwAnswer{"1.2", kFinding, "outer DNS answer", answer_from(Party::outer_dns)};
constexpr Step kTunnel{"2", kFinding, "secure connection to the SeGW", to(Party::segw)};
constexpr Step kAcsQuery{"3.1", kFinding, "DNS query for the ACS", to(Party::dns)};
constexpr Step kAcsAnswer{"3.2", kFinding, "DNS answer", answer_from(Party::dns)};

constexpr std::string_view kClause = "TR-069 3.7.1";
constexpr Step kConnect{"1", kClause, "connection to the ACS", to(Party::acs)};
constexpr Step kInform{"2", kClause, "Inform", to(Party::acs)};
constexpr Step kInformResponse{"3", kClause, "InformResponse", answer_from(Party::acs)};
constexpr Step kProvision{"4", kClause, "SetParameterValues", from(Party::acs)};
constexpr Step kAcknowledge{"5", kClause, "SetParameterValuesResponse", answer_to(Party::acs)};
constexpr Step kEnd{"6", kClause, "session ended", to(Party::acs)};

}  // namespace

const SessionSteps& acs_session_steps() {
  static const SessionSteps kSteps{kConnect, kInform, kInformResponse, kProvision, kAcknowledge, kEnd};
  return kSteps;
}

std::span<const Step> cpe_registration_steps() {
  static constexpr std::array kSteps{kSegwQuery, kSegwAnswer,     kTunnel,    kAcsQuery,    kAcsAnswer, kConnect,
                                     kInform,    kInformResponse, kProvision, kAcknowledge, kEnd};
  return kSteps;
}

Result<ServingElements> cpe_elements(const Context& context) {
  auto acs = Url::parse(context.value_of("acs_url"));
  if (!acs) return fail(Cause::protocol, "ManagementServer.URL is none: " + acs.error().detail);
  ServingElements elements;
  if (!context.factory.serving_segw.empty()) elements.segws = {context.factory.serving_segw};
  elements.hms = std::move(*acs);
  return elements;
}

Task<Result<Service>> register_cpe(Context& context) {
  const auto elements = cpe_elements(context);
  if (!elements) co_return tl::unexpected(elements.error());
  const ConnectSteps connect_steps{{kSegwQuery, kSegwAnswer}, kTunnel, {kAcsQuery, kAcsAnswer}};
  const auto service = co_await connect_hms(context, kServingTunnel, *elements, connect_steps);
  if (!service) co_return service;
  const auto session = co_await run_cwmp_session(context, *service, acs_session_steps());
  if (!session) co_return tl::unexpected(session.error());
  co_return service;
}

}  // namespace hnbemu::procedures
