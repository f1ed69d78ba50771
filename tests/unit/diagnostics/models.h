#pragma once

#include <stdexcept>
#include <string>

#include "config/profile_files.h"
#include "profile/profile_model.h"

namespace hnbemu::diagnostics {

// The data model of a shipped profile, as it leaves the factory.
inline datamodel::DataModel model_of(const std::string& name) {
  const auto profile = config::load_profile(name, {std::string(HNBEMU_SOURCE_DIR) + "/profiles"});
  if (!profile) throw std::runtime_error(profile.error().detail);
  const auto made = profile::make_model(*profile);
  if (!made) throw std::runtime_error(made.error().detail);
  return datamodel::DataModel(*made);
}

inline bool set(datamodel::DataModel& model, const std::string& path, const std::string& value,
                datamodel::Origin origin = datamodel::Origin::acs) {
  const datamodel::Assignment assignment{path, value, ""};
  return model.set({&assignment, 1}, origin).has_value();
}

inline std::string at(const datamodel::DataModel& model, const std::string& path) {
  return model.value(path).value_or("(none)");
}

}  // namespace hnbemu::diagnostics
