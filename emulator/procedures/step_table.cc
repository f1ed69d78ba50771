#include "procedures/step_table.h"

#include "procedures/address_change.h"
#include "procedures/cpe_registration.h"
#include "procedures/henb_direct_connection.h"
#include "procedures/henb_discovery.h"
#include "procedures/henb_public_discovery.h"
#include "procedures/henb_registration.h"
#include "procedures/hnb_discovery.h"
#include "procedures/hnb_public_discovery.h"
#include "procedures/hnb_registration.h"

namespace hnbemu::procedures {

std::vector<Step> steps_of(config::Technology technology) {
  using Procedures = std::vector<std::span<const Step>>;
  const Procedures cpe{cpe_registration_steps()};
  const Procedures hnb{hnb_discovery_steps(), hnb_public_discovery_steps(), hnb_registration_steps(),
                       hnb_address_change_steps()};
  const Procedures henb{henb_discovery_steps(), henb_public_discovery_steps(), henb_direct_connection_steps(),
                        henb_registration_steps(), henb_address_change_steps()};
  const auto& taken = technology == config::Technology::none ? cpe : technology == config::Technology::hnb ? hnb : henb;
  std::vector<Step> steps;
  for (const auto procedure : taken) steps.insert(steps.end(), procedure.begin(), procedure.end());
  return steps;
}

}  // namespace hnbemu::procedures
