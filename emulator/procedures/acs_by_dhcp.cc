#include "procedures/acs_by_dhcp.h"

#include "procedures/assigned_elements.h"

namespace hnbemu::procedures {
namespace {

constexpr const char* kDiscoveredUrl = "discovered_acs_url";  // the last that was taken

void use(Context& context, const std::string& url) {
  auto& factory = context.factory;
  (factory.hms_by_dhcp == HmsByDhcp::initial ? factory.initial_hms : factory.serving_hms) = url;
}

}  // namespace

std::vector<std::string> discovered_paths(const config::Profile& profile) {
  std::vector<std::string> paths;
  for (const auto* const role :
       {"acs_url", "provisioning_code", "retry_minimum_wait_interval", "retry_interval_multiplier"}) {
    if (const auto path = profile.path(role); !path.empty()) paths.emplace_back(path);
  }
  return paths;
}

void recall_discovered_acs(Context& context) {
  if (context.factory.hms_by_dhcp != HmsByDhcp::none) use(context, context.memory.fact(kDiscoveredUrl));
}

bool take_discovered_acs(Context& context, const dhcp::AcsOptions& options, bool again) {
  if (context.factory.hms_by_dhcp == HmsByDhcp::none || options.url.empty()) return false;
  const auto present = context.value_of("acs_url");
  const bool own = present.empty() || present == context.memory.fact(kDiscoveredUrl);
  if (options.url == present || (!own && !again)) return false;
  context.memory.set_fact(kDiscoveredUrl, options.url);
  use(context, options.url);
  context.set_value_of("acs_url", options.url);
  // The Initial HMS assigns the serving elements anew.
  if (context.factory.hms_by_dhcp == HmsByDhcp::initial) clear_numbered_values(context, "serving_segw");
  if (!options.provisioning_code.empty()) context.set_value_of("provisioning_code", options.provisioning_code);
  if (const auto minimum = options.retry_minimum_wait_interval) {
    context.set_value_of("retry_minimum_wait_interval", fmt::to_string(*minimum));
  }
  if (const auto multiplier = options.retry_interval_multiplier) {
    context.set_value_of("retry_interval_multiplier", fmt::to_string(*multiplier));
  }
  if (options.url != context.bootstrapped_url) {
    bootstrap(context);
    if (context.sessions == 0) context.events.push("1 BOOT");  // no ACS has heard of it yet
  }
  return true;
}

}  // namespace hnbemu::procedures
