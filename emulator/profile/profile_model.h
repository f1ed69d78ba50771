#pragma once

#include <memory>

#include "config/profile.h"
#include "datamodel/data_model.h"
#include "profile/model_parts.h"

namespace hnbemu::profile {

// The data model that all devices of a profile share. The error is all that is wrong, a line each with file, line and
// column; a place that a role or an Inform list names must be a parameter of the fresh tree.
Result<std::shared_ptr<const datamodel::Model>> make_model(const config::Profile& profile);
// The same, with what read_model_parts(profile) gave.
Result<std::shared_ptr<const datamodel::Model>> make_model(const config::Profile& profile, ModelParts parts);

// Adds the profile's own fields (oui, versions …) to those that are given.
void add_fields(const config::Profile& profile, config::DeviceFields& fields);

// Fills in the values that differ from device to device. The profile's own fields (oui, versions …) need not be given.
Result<> fill(datamodel::DataModel& model, const config::Profile& profile, config::DeviceFields fields);

// A fresh device's path as definitions write it: "Table.1.Name" -> "Table.{i}.Name".
std::string as_defined(std::string_view path);

}  // namespace hnbemu::profile
