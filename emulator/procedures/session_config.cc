#include "procedures/session_config.h"

#include <algorithm>

#include "procedures/device_files.h"
#include "procedures/file_transfer.h"
#include "procedures/local_time.h"

namespace hnbemu::procedures {
namespace {

cwmp::Version version_of(std::string_view text) {
  if (text == "1.1") return cwmp::Version::v1_1;
  if (text == "1.2") return cwmp::Version::v1_2;
  if (text == "1.3") return cwmp::Version::v1_3;
  if (text == "1.4") return cwmp::Version::v1_4;
  return cwmp::Version::v1_0;
}

}  // namespace

// TR-069 3.7.1.5: what has changed is in the Inform, and the event says so.
cwmp::SessionConfig session_config(Context& context) {
  const auto& profile = context.profile;
  cwmp::SessionConfig config;
  config.version = version_of(profile.cwmp_version);
  config.device_id = {profile.manufacturer, profile.oui, profile.product_class, context.value_of("serial_number")};
  config.inform_parameters = profile.inform_parameters;
  const auto add = [&list = config.inform_parameters](const std::string& path) {
    if (std::find(list.begin(), list.end(), path) == list.end()) list.push_back(path);
  };
  for (const auto& path : profile.location_parameters) add(path);
  // A device that comes back to its HMS by another tunnel is reached by another address.
  if (context.events.empty()) context.notifications.note(std::string(profile.path("connection_request_url")), false);
  if (context.notifications.any()) context.events.push("4 VALUE CHANGE");
  for (const auto& path : context.notifications.tell()) add(path);
  config.parameter_key_path = profile.path("parameter_key");
  config.current_time = to_date_time(shown_time(context));
  config.retry_count = context.failed_sessions;
  config.timeout_s = static_cast<std::uint32_t>(Deadlines::http.count());
  config.requests.assign(context.requests.begin(), context.requests.end());
  config.scheduled_informs = context.scheduled_informs.size();
  config.inform_id = *config::expand(profile.quirks.soap_id, {{"n", fmt::to_string(context.sessions)}});
  config.set_status = profile.quirks.status_1 ? 1 : 0;
  config.transfers_at_once = profile.quirks.download_status_0;
  config.files = {[&context](auto type) { return can_download(context, type); },
                  [&context](auto type) { return can_upload(context, type); }, kMaxFileBytes};
  config.optional = {profile.optional_rpcs, &context.options, &context.deployment_units};
  return config;
}

}  // namespace hnbemu::procedures
