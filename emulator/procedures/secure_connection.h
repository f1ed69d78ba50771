#pragma once

#include <optional>
#include <string>
#include <vector>

#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::procedures {

// The steps by which a name becomes addresses: query and answer.
struct ResolveSteps {
  Step query;
  std::optional<Step> answer;  // some procedures do not number that
};

// The steps from an access network to an HMS behind a SeGW.
struct ConnectSteps {
  ResolveSteps segw;  // by outer DNS
  Step tunnel;
  ResolveSteps hms;                            // by inner DNS, through the tunnel
  std::optional<ResolveSteps> outer_hms = {};  // before the tunnel, of an HMS that is reached outside of it
  bool public_dns = false;                     // an HMS behind the SeGW is known to the outer DNS
};

// An FQDN is asked of the path's DNS servers; an address needs no query, and its steps are left out.
Task<Result<std::vector<IpAddress>>> resolve(Context& context, std::string name, Path path, ResolveSteps steps);

// Resolves the SeGW, brings the tunnel of that name up and resolves the HMS behind it, or outside of it. The SeGWs are
// tried in their order, and so are the addresses of each; the error is that of the last.
Task<Result<Service>> connect_hms(Context& context, std::string tunnel_name, ServingElements elements,
                                  ConnectSteps steps);

// Ends a tunnel in good order. A SeGW that does not answer does not keep the device from going on, so the only error is
// Cause::cancelled.
Task<Result<>> release_tunnel(Context& context, std::string tunnel_name, Step what);

}  // namespace hnbemu::procedures
