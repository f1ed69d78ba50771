#include "procedures/henb_direct_connection.h"

#include <array>

#include "procedures/secure_connection.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kClause = "TS 32.593 draft 5.1.2.2";
constexpr Step kSegwQuery{"1", kClause, "public DNS query for the Serving SeGW", to(Party::outer_dns)};
constexpr Step kSegwAnswer{"2", kClause, "public DNS answer", answer_from(Party::outer_dns)};
constexpr Step kTunnel{"3", kClause, "IPsec tunnel to the Serving SeGW", to(Party::serving_segw)};
constexpr Step kHmsQuery{"4", kClause, "DNS query for the Serving HeMS", to(Party::dns)};
constexpr Step kHmsAnswer{"5", kClause, "DNS answer", answer_from(Party::dns)};

}  // namespace

std::span<const Step> henb_direct_connection_steps() {
  static constexpr std::array kSteps{kSegwQuery, kSegwAnswer, kTunnel, kHmsQuery, kHmsAnswer};
  return kSteps;
}

Task<Result<Service>> connect_factory_hems(Context& context, ServingElements elements) {
  ConnectSteps steps{{kSegwQuery, kSegwAnswer}, kTunnel, {kHmsQuery, kHmsAnswer}};
  steps.public_dns = context.profile.ways.public_dns_for_serving_hems;
  return connect_hms(context, kServingTunnel, std::move(elements), steps);
}

}  // namespace hnbemu::procedures
