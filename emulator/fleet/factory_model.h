#pragma once

#include <memory>

#include "config/fleet.h"
#include "config/profile.h"
#include "datamodel/data_model.h"
#include "generators/plan.h"
#include "pm/plan.h"

namespace hnbemu::fleet {

// What all devices of one profile share.
struct ProfileModel {
  config::Profile profile;
  std::shared_ptr<const datamodel::Model> model;
  std::shared_ptr<const generators::Plan> plan;
  std::shared_ptr<const pm::Plan> measurements;
};
Result<ProfileModel> load_profile_model(const std::string& name, const std::vector<std::string>& directories);

// The profile as this device has it: the OUI may be its own.
config::Profile profile_of(const config::DeviceConfig& device, const config::Profile& profile);

// What tells this device, `own` being its profile, from the others.
config::DeviceFields fields_of(const config::DeviceConfig& device, const config::Profile& own, const IpAddress& outer);

// A device's data model as it leaves the factory; `outer` is its address in the access network.
Result<datamodel::DataModel> factory_model(const config::DeviceConfig& device, const ProfileModel& profile,
                                           const IpAddress& outer);

}  // namespace hnbemu::fleet
