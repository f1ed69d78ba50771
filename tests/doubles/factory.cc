#include "doubles/factory.h"

#include <stdexcept>

#include "profile/check.h"
#include "profile/profile_model.h"

namespace hnbemu::doubles {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_string());
  return std::move(*result);
}

}  // namespace

config::Profile load_profile(const std::string& name_or_file) {
  return must(config::load_profile(name_or_file, {HNBEMU_SOURCE_DIR "/profiles"}));
}

std::shared_ptr<const datamodel::Model> model_of(const config::Profile& profile) {
  return must(profile::make_model(profile));
}

datamodel::DataModel factory_model(const config::Profile& profile, std::shared_ptr<const datamodel::Model> model,
                                   config::DeviceFields fields) {
  datamodel::DataModel made(std::move(model));
  fields.merge(profile::sample_fields());
  if (const auto filled = profile::fill(made, profile, std::move(fields)); !filled) {
    throw std::runtime_error(filled.error().to_string());
  }
  return made;
}

}  // namespace hnbemu::doubles
