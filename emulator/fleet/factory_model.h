#pragma once

#include <memory>

#include "config/fleet.h"
#include "config/profile.h"
#include "datamodel/data_model.h"

namespace hnbemu::fleet {

// What all devices of one profile share.
struct ProfileModel {
  config::Profile profile;
  std::shared_ptr<const datamodel::Model> model;
};
Result<ProfileModel> load_profile_model(const std::string& name, const std::vector<std::string>& directories);

// The profile as this device has it: the OUI may be its own.
config::Profile profile_of(const config::DeviceConfig& device, const config::Profile& profile);

// A device's data model as it leaves the factory; `outer` is its address in the access network.
Result<datamodel::DataModel> factory_model(const config::DeviceConfig& device, const ProfileModel& profile,
                                           const IpAddress& outer);

}  // namespace hnbemu::fleet
