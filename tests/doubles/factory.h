#pragma once

#include <memory>
#include <string>

#include "config/profile.h"
#include "datamodel/data_model.h"

// Devices as they leave the factory. What goes wrong is thrown.
namespace hnbemu::doubles {

config::Profile load_profile(const std::string& name_or_file);  // a name is one of profiles/
std::shared_ptr<const datamodel::Model> model_of(const config::Profile& profile);

// `fields` come before those of profile::sample_fields().
datamodel::DataModel factory_model(const config::Profile& profile, std::shared_ptr<const datamodel::Model> model,
                                   config::DeviceFields fields);

}  // namespace hnbemu::doubles
