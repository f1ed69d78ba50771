#include "fleet/factory_model.h"

#include <cmath>

#include "profile/profile_model.h"

namespace hnbemu::fleet {
namespace {

void set_logins(datamodel::DataModel& model, const config::Profile& profile, const config::DeviceConfig& config) {
  const auto set = [&](std::string_view role, const std::string& value) {
    if (const auto path = profile.path(role); !path.empty()) model.update(path, value);
  };
  set("connection_request_username", config.connection_request.username);
  set("connection_request_password", config.connection_request.password);
  if (!config.acs) return;
  set("acs_username", config.acs->username);
  set("acs_password", config.acs->password);
}

}  // namespace

Result<ProfileModel> load_profile_model(const std::string& name, const std::vector<std::string>& directories) {
  auto profile = config::load_profile(name, directories);
  if (!profile) return tl::unexpected(profile.error());
  auto model = profile::make_model(*profile);
  if (!model) return tl::unexpected(model.error());
  auto plan = generators::read_plan(*profile, *model);
  if (!plan) return tl::unexpected(plan.error());
  auto measurements = pm::read_plan(*profile);
  if (!measurements) return tl::unexpected(measurements.error());
  return ProfileModel{std::move(*profile), std::move(*model), std::move(*plan), std::move(*measurements)};
}

config::Profile profile_of(const config::DeviceConfig& device, const config::Profile& profile) {
  auto own = profile;
  if (!device.oui.empty()) own.oui = device.oui;
  if (device.alarms) own.alarm_generation = device.alarms;
  return own;
}

config::DeviceFields fields_of(const config::DeviceConfig& device, const config::Profile& own, const IpAddress& outer) {
  const auto location = device.location.value_or(config::Location{});
  config::DeviceFields fields{{"id", device.id},
                              {"serial", device.serial},
                              {"mac", device.mac},
                              {"outer_address", outer.to_string()},
                              {"latitude_udeg", fmt::to_string(std::llround(location.latitude * 1e6))},
                              {"longitude_udeg", fmt::to_string(std::llround(location.longitude * 1e6))}};
  profile::add_fields(own, fields);
  return fields;
}

Result<datamodel::DataModel> factory_model(const config::DeviceConfig& device, const ProfileModel& profile,
                                           const IpAddress& outer) {
  const auto own = profile_of(device, profile.profile);
  datamodel::DataModel model(profile.model);
  if (auto filled = profile::fill(model, own, fields_of(device, own, outer)); !filled)
    return tl::unexpected(filled.error());
  set_logins(model, own, device);
  return model;
}

}  // namespace hnbemu::fleet
