#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/profile.h"
#include "datamodel/data_model.h"

namespace hnbemu::profile {

struct Checked {
  std::vector<std::string> mistakes;  // "file:line:column: what"; none: devices can be made of it
  std::size_t parameters = 0;         // of a fresh device
  config::Profile profile{};          // with its model, as far as it could be read
  std::shared_ptr<const datamodel::Model> model{};
};

// Looks for all that can be wrong with a profile before there is a device: loader, names, types, values, claims.
// `name` as in config::load_profile.
Checked check(std::string_view name, const std::vector<std::string>& directories);

// What any device could have: to see whether values with templates fit.
config::DeviceFields sample_fields();

}  // namespace hnbemu::profile
