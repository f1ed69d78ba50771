#include "procedures/step_table.h"

#include "procedures/cpe_registration.h"
#include "procedures/henb_discovery.h"
#include "procedures/henb_registration.h"
#include "procedures/hnb_discovery.h"
#include "procedures/hnb_registration.h"

namespace hnbemu::procedures {

std::vector<Step> steps_of(config::Technology technology) {
  if (technology == config::Technology::none) return {cpe_registration_steps().begin(), cpe_registration_steps().end()};
  const bool hnb = technology == config::Technology::hnb;
  std::vector<Step> steps;
  for (const auto procedure : {hnb ? hnb_discovery_steps() : henb_discovery_steps(),
                               hnb ? hnb_registration_steps() : henb_registration_steps()}) {
    steps.insert(steps.end(), procedure.begin(), procedure.end());
  }
  return steps;
}

}  // namespace hnbemu::procedures
