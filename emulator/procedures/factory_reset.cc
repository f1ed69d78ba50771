#include "procedures/factory_reset.h"

namespace hnbemu::procedures {

void forget_all(Context& context) {
  context.memory.forget_all();
  context.model.reset();
  context.events = {};
  context.notifications.forget();
  context.scheduled_informs.clear();
  context.requests.clear();
  context.transfers.clear();
  context.deployment_units.clear();
  context.options.clear();
  context.bootstrapped_url.clear();
  context.reboot_keys.clear();
  context.failed_sessions = 0;
  context.configuration = {};
  context.log.add(LogLevel::notice, "factory reset: all settings are the factory's; the software stays");
}

std::string operator_of(const Url& hms) {
  const auto dot = hms.host.find('.');
  const bool is_name = !IpAddress::parse(hms.host) && dot != std::string::npos;
  return is_name ? hms.host.substr(dot + 1) : hms.host;
}

}  // namespace hnbemu::procedures
