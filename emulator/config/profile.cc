#include "config/profile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "config/suggest.h"
#include "config/yaml.h"

namespace hnbemu::config {
namespace {

constexpr std::string_view kSuffix = ".yaml";
constexpr std::int64_t kMaxBootSeconds = 3600;

constexpr std::string_view kRequiredRoles[] = {"acs_url",
                                               "parameter_key",
                                               "connection_request_url",
                                               "periodic_inform_enable",
                                               "periodic_inform_interval",
                                               "periodic_inform_time",
                                               "serial_number",
                                               "software_version",
                                               "admin_state",
                                               "op_state",
                                               "rf_tx_status",
                                               "serving_segw"};
constexpr std::string_view kOtherRoles[] = {"acs_username",
                                            "acs_password",
                                            "connection_request_username",
                                            "connection_request_password",
                                            "manufacturer",
                                            "oui",
                                            "product_class",
                                            "hardware_version",
                                            "provisioning_code",
                                            "up_time",
                                            "current_time",
                                            "gateway",
                                            "inner_address",
                                            "outer_address"};

void read_identity(yaml::Map& map, Profile& profile) {
  const yaml::Node* node = map.require("identity");
  if (node == nullptr) return;
  yaml::Map identity(*node, map.problems(), "identity");
  profile.manufacturer = identity.required_text("manufacturer");
  profile.oui = identity.required_text("oui");
  const bool hexadecimal = profile.oui.size() == 6 && std::all_of(profile.oui.begin(), profile.oui.end(), [](char c) {
                             return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
                           });
  if (!profile.oui.empty() && !hexadecimal)
    map.problems().add(*identity.get("oui"), "'oui' must be six hexadecimal digits in upper case, \"00256D\"");
  profile.product_class = identity.required_text("product_class");
  profile.hardware_version = identity.required_text("hardware_version");
  profile.software_version = identity.required_text("software_version");
  identity.finish();
}

void read_roles(yaml::Map& map, Profile& profile) {
  const yaml::Node* node = map.require("roles");
  if (node == nullptr) return;
  yaml::Map roles(*node, map.problems(), "roles");
  for (const auto role : kRequiredRoles) profile.roles[std::string(role)] = roles.required_text(role);
  for (const auto role : kOtherRoles) {
    if (roles.has(role))
      profile.roles[std::string(role)] = roles.required_text(role);
    else
      roles.get(role);
  }
  roles.finish();
}

// objects: {Object.Path.: {Parameter: definition, …}, …}
void read_objects(yaml::Map& map, Profile& profile) {
  const yaml::Node* node = map.require("objects");
  if (node == nullptr) return;
  yaml::Problems& problems = map.problems();
  yaml::Map objects(*node, problems, "objects");
  for (const auto& [path, members] : node->entries) {
    if (!path->text.ends_with('.'))
      problems.add(*path, fmt::format("the object's path '{}' must end in '.'", path->text));
    const yaml::Map object(*members, problems, "an object");
    for (const auto& [name, definition] : members->entries) {
      profile.parameters.push_back(
          {path->text + name->text, yaml::read_text(*definition, problems, name->text), problems.place(*definition)});
    }
  }
}

void read_values(yaml::Map& map, Profile& profile) {
  const yaml::Node* node = map.get("values");
  if (node == nullptr) return;
  yaml::Problems& problems = map.problems();
  const yaml::Map values(*node, problems, "values");
  DeviceFields fields;
  for (const auto field : kDeviceFields) fields[std::string(field)] = "";
  for (const auto& [path, value] : node->entries) {
    auto text = yaml::read_text(*value, problems, path->text);
    if (const auto expanded = expand(text, fields); !expanded) problems.add(*value, expanded.error().detail);
    profile.values.push_back({path->text, std::move(text), problems.place(*value)});
  }
}

std::vector<ProfileEntry> read_paths(yaml::Map& map, std::string_view key) {
  std::vector<ProfileEntry> paths;
  for (const auto& item : yaml::items(map.get(key), map.problems(), key))
    paths.push_back({yaml::read_text(*item, map.problems(), key), {}, map.problems().place(*item)});
  return paths;
}

Result<Profile> read_profile(const std::string& file, std::string name) {
  const auto root = yaml::load(file);
  if (!root) return tl::unexpected(root.error());
  yaml::Problems problems(file);
  yaml::Map map(**root, problems, "a profile");
  Profile profile;
  profile.name = std::move(name);
  profile.file = file;
  map.text("description");
  map.require("technology");
  profile.technology = map.choice("technology", {"hnb", "henb"}, "hnb") == "henb" ? Technology::henb : Technology::hnb;
  profile.cwmp_version = map.choice("cwmp_version", {"1.0", "1.1", "1.2", "1.3", "1.4"}, "1.0");
  profile.lenient_types = map.choice("typing", {"strict", "lenient"}, "strict") == "lenient";
  profile.boot_time = Seconds(map.integer("boot_time_s", {0, kMaxBootSeconds}, profile.boot_time.count()));
  read_identity(map, profile);
  read_roles(map, profile);
  profile.inform_parameters = map.texts("inform_parameters");
  profile.location_parameters = map.texts("location_parameters");
  read_objects(map, profile);
  profile.tables = read_paths(map, "writable_tables");
  profile.rows = read_paths(map, "rows");
  read_values(map, profile);
  if (const auto* node = map.get("generators")) profile.generators = std::make_shared<yaml::Node>(*node);
  if (const auto* node = map.get("links")) profile.links = std::make_shared<yaml::Node>(*node);
  map.finish();
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return profile;
}

}  // namespace

std::string_view Profile::path(std::string_view role) const {
  const auto found = roles.find(role);
  return found == roles.end() ? std::string_view{} : found->second;
}

std::vector<std::string> known_profiles(const std::vector<std::string>& directories) {
  std::vector<std::string> names;
  for (const auto& directory : directories) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
      if (entry.path().extension() == kSuffix) names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<Profile> load_profile(std::string_view name, const std::vector<std::string>& directories) {
  if (name.find('/') != std::string_view::npos || name.ends_with(kSuffix))
    return read_profile(std::string(name), std::filesystem::path(name).stem().string());
  std::error_code ignored;
  for (const auto& directory : directories) {
    const auto file = fmt::format("{}/{}{}", directory, name, kSuffix);
    if (std::filesystem::exists(file, ignored)) return read_profile(file, std::string(name));
  }
  const auto known = known_profiles(directories);
  return fail(Cause::configuration, fmt::format("unknown profile '{}'{}; there {} {}", name, suggestion(name, known),
                                                known.size() == 1 ? "is" : "are",
                                                known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
}

}  // namespace hnbemu::config
