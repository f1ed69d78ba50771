#include "procedures/deprovisioning.h"

#include "procedures/assigned_elements.h"
#include "procedures/factory_reset.h"

namespace hnbemu::procedures {
namespace {

// As the arrows of figures 5.4-1 and 5.4-2; the text does not number them.
struct Steps {
  Step reset;
  Step set;
  Step released;
  Step forgotten;
};

constexpr Steps steps_in(std::string_view clause) {
  return {{"1", clause, "FactoryReset received"},
          {"1", clause, "SetParameterValues received: no serving elements"},
          {"2", clause, "session released"},
          {"3", clause, "the device is as it left the factory"}};
}
constexpr Steps kHnb = steps_in("TS 32.583 5.4");
constexpr Steps kHenb = steps_in("TS 32.593 5.1.4 (contribution)");

const Steps& steps_of(const Context& context) {
  return context.profile.technology == config::Technology::hnb ? kHnb : kHenb;
}

// A device that has left its operator stays away from it, if that is its manner, also after what is forgotten.
void leave_operator(Context& context) {
  if (!context.profile.quirks.silent_after_deregistration) return;
  const auto& initial = context.factory.initial_hms;
  const auto hms = Url::parse(initial.empty() ? context.value_of("acs_url") : initial);
  if (hms) context.silent_towards = operator_of(*hms);
}

}  // namespace

bool leave_if_deprovisioned(Context& context) {
  const bool discovers = context.profile.technology != config::Technology::none && !context.factory.initial_hms.empty();
  if (!discovers || assigned_elements(context)) return false;
  const auto& steps = steps_of(context);
  context.steps.record(steps.set, Millis{0});
  context.steps.record(steps.released, Millis{0});
  context.log.add(LogLevel::notice, "de-provisioned: the HMS has taken the serving elements back");
  leave_operator(context);
  bootstrap(context);
  return true;
}

void leave_by_reset(Context& context) {
  if (context.asked.factory_reset && context.profile.technology != config::Technology::none) {
    const auto& steps = steps_of(context);
    for (const auto& step : {steps.reset, steps.released, steps.forgotten}) context.steps.record(step, Millis{0});
  }
  leave_operator(context);
}

}  // namespace hnbemu::procedures
