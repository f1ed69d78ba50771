#include "procedures/address_change.h"

#include <array>

#include "procedures/connection_requests.h"
#include "procedures/cpe_registration.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kHnbClause = "TS 32.583 5.2.2";
constexpr Step kConnect{"A", kHnbClause, "connection to the TR-069 manager", to(Party::serving_hms)};
constexpr Step kInform{"B", kHnbClause, "Inform with the new IPsec address", to(Party::serving_hms)};
constexpr Step kAcknowledge{"C", kHnbClause, "Inform response", answer_from(Party::serving_hms)};

constexpr std::string_view kHenbClause = "TS 32.593 5.2.4";
constexpr Step kHenbInform{"1", kHenbClause, "Inform with the new IPsec address", to(Party::serving_hms)};
constexpr Step kHenbAcknowledge{"2", kHenbClause, "InformResponse", answer_from(Party::serving_hms)};

// What the HMS asks for beside is that of any session.
SessionSteps with(Step connect, Step inform, Step accept) {
  const auto& any = acs_session_steps();
  return {connect, inform, accept, any.provision, any.acknowledge, any.release};
}

}  // namespace

std::span<const Step> hnb_address_change_steps() {
  static constexpr std::array kSteps{kConnect, kInform, kAcknowledge};
  return kSteps;
}

std::span<const Step> henb_address_change_steps() {
  static constexpr std::array kSteps{kHenbInform, kHenbAcknowledge};
  return kSteps;
}

const SessionSteps& address_change_steps(config::Technology technology) {
  static const SessionSteps kHnb = with(kConnect, kInform, kAcknowledge);
  static const SessionSteps kHenb = with(acs_session_steps().establish, kHenbInform, kHenbAcknowledge);
  if (technology == config::Technology::none) return acs_session_steps();
  return technology == config::Technology::hnb ? kHnb : kHenb;
}

Result<bool> take_inner_address(Context& context, Service& service, const TunnelState& tunnel) {
  service.tunnel = tunnel;
  context.set_value_of("inner_address", tunnel.inner_address.to_string());
  if (!service.hms_inside) return false;
  service.path = {Plane::inner, tunnel.inner_address, tunnel.dns_servers};
  for (const auto role : {"inner_address", "connection_request_url"}) {
    if (const auto path = context.profile.path(role); !path.empty())
      context.notifications.note(std::string(path), true);
  }
  if (auto listening = accept_connection_requests(context, service.path); !listening)
    return tl::unexpected(listening.error());
  return true;
}

}  // namespace hnbemu::procedures
