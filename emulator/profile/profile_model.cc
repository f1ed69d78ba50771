#include "profile/profile_model.h"

#include "datamodel/definition.h"
#include "datamodel/model_builder.h"

namespace hnbemu::profile {
namespace {

tl::unexpected<Error> at(std::string_view place, Error error) {
  error.detail = fmt::format("{}: {}", place, error.detail);
  return tl::unexpected(std::move(error));
}

Result<> add_definitions(datamodel::ModelBuilder& builder, const config::Profile& profile) {
  for (const auto& entry : profile.parameters) {
    auto spec = datamodel::parse_definition(entry.path, entry.text);
    if (!spec) return at(entry.place, spec.error());
    if (auto added = builder.add_parameter(std::move(*spec)); !added) return at(entry.place, added.error());
  }
  for (const auto& entry : profile.tables) {
    if (auto added = builder.add_object({.path = entry.path, .writable = true}); !added)
      return at(entry.place, added.error());
  }
  return {};
}

Result<> add_instances(datamodel::ModelBuilder& builder, const config::Profile& profile) {
  for (const auto& entry : profile.rows) {
    if (auto added = builder.add_row(entry.path); !added) return at(entry.place, added.error());
  }
  for (const auto& entry : profile.values) {
    // One that differs from device to device is checked when it is filled in; here only its path is.
    const auto set = config::is_template(entry.text) ? builder.check_parameter(entry.path)
                                                     : builder.set_value(entry.path, entry.text);
    if (!set) return at(entry.place, set.error());
  }
  return {};
}

Result<> check_places(const datamodel::DataModel& fresh, const config::Profile& profile) {
  const auto check = [&](std::string_view key, const std::string& path) -> Result<> {
    if (fresh.value(path)) return {};
    return fail(Cause::configuration, fmt::format("{}: {}: there is no parameter '{}'", profile.file, key, path));
  };
  for (const auto& [role, path] : profile.roles) {
    if (auto good = check("roles: " + role, path); !good) return good;
  }
  for (const auto& path : profile.inform_parameters) {
    if (auto good = check("inform_parameters", path); !good) return good;
  }
  for (const auto& path : profile.location_parameters) {
    if (auto good = check("location_parameters", path); !good) return good;
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const datamodel::Model>> make_model(const config::Profile& profile) {
  datamodel::ModelBuilder builder(profile.lenient_types ? datamodel::Typing::lenient : datamodel::Typing::strict);
  if (auto added = add_definitions(builder, profile); !added) return tl::unexpected(added.error());
  if (auto added = add_instances(builder, profile); !added) return tl::unexpected(added.error());
  auto model = builder.build();
  if (auto good = check_places(datamodel::DataModel(model), profile); !good) return tl::unexpected(good.error());
  return model;
}

void add_fields(const config::Profile& profile, config::DeviceFields& fields) {
  fields.try_emplace("manufacturer", profile.manufacturer);
  fields.try_emplace("oui", profile.oui);
  fields.try_emplace("product_class", profile.product_class);
  fields.try_emplace("hardware_version", profile.hardware_version);
  fields.try_emplace("software_version", profile.software_version);
}

Result<> fill(datamodel::DataModel& model, const config::Profile& profile, config::DeviceFields fields) {
  add_fields(profile, fields);
  for (const auto& entry : profile.values) {
    if (!config::is_template(entry.text)) continue;
    const auto value = config::expand(entry.text, fields);
    if (!value) return at(entry.place, value.error());
    if (!model.update(entry.path, *value))
      return fail(Cause::configuration,
                  fmt::format("{}: '{}' is no legal value of {}", entry.place, *value, entry.path));
  }
  return {};
}

}  // namespace hnbemu::profile
