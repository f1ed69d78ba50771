#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/profile_reader.h"

// What of the profile speaks of the data model.
namespace hnbemu::config {
namespace {

constexpr std::string_view kRequiredRoles[] = {"acs_url",
                                               "parameter_key",
                                               "connection_request_url",
                                               "periodic_inform_enable",
                                               "periodic_inform_interval",
                                               "periodic_inform_time",
                                               "serial_number",
                                               "software_version"};
constexpr std::string_view kRadioRoles[] = {"admin_state", "op_state", "rf_tx_status", "serving_segw"};
constexpr std::string_view kOtherRoles[] = {"acs_username",
                                            "acs_password",
                                            "connection_request_username",
                                            "connection_request_password",
                                            "stun_enable",
                                            "stun_server_address",
                                            "stun_server_port",
                                            "stun_username",
                                            "stun_password",
                                            "stun_minimum_keep_alive_period",
                                            "stun_maximum_keep_alive_period",
                                            "nat_detected",
                                            "udp_connection_request_address",
                                            "udp_connection_request_address_notification_limit",
                                            "http_connection_request_enable",
                                            "manufacturer",
                                            "oui",
                                            "product_class",
                                            "hardware_version",
                                            "provisioning_code",
                                            "up_time",
                                            "current_time",
                                            "gateway",
                                            "gateway_port",
                                            "tunnel_for_cwmp",
                                            "ipsec_enable",
                                            "inner_address",
                                            "outer_address",
                                            "retry_minimum_wait_interval",
                                            "retry_interval_multiplier",
                                            "active_notification_throttle",
                                            "heartbeat_enable",
                                            "heartbeat_interval",
                                            "heartbeat_time"};

}  // namespace

void ProfileReader::read_roles() {
  const auto* const node = map_.require("roles");
  if (node == nullptr) return;
  yaml::Map roles(*node, problems_, "roles");
  const auto read = [&](std::string_view role, bool required) {
    const auto* const value = required ? roles.require(role) : roles.get(role);
    if (value == nullptr) return;
    auto path = roles.required_text(role);
    if (!path.empty()) profile_.mentions.push_back({path, fmt::format("role '{}'", role), problems_.place(*value)});
    profile_.roles[std::string(role)] = std::move(path);
  };
  for (const auto role : kRequiredRoles) read(role, true);
  for (const auto role : kRadioRoles) read(role, profile_.technology != Technology::none);
  for (const auto role : kOtherRoles) read(role, false);
  roles.finish();
}

std::vector<std::string> ProfileReader::read_names(std::string_view key) {
  std::vector<std::string> names;
  for (auto& entry : read_entries(map_.get(key), key)) {
    entry.text = key;
    names.push_back(entry.path);
    profile_.mentions.push_back(std::move(entry));
  }
  return names;
}

std::vector<ProfileEntry> ProfileReader::read_entries(const yaml::Node* list, std::string_view key) {
  std::vector<ProfileEntry> entries;
  for (const auto& item : yaml::items(list, problems_, key)) {
    entries.push_back({yaml::read_text(*item, problems_, key), {}, problems_.place(*item)});
    if (entries.back().path.empty() && item->kind == yaml::Node::Kind::scalar)
      problems_.add(*item, fmt::format("an empty text in '{}'", key));
  }
  return entries;
}

// models: {table: [prefix, …], …}, or table: {has: […], without: […], mount: Device.Services.}
void ProfileReader::read_models() {
  const auto* const node = map_.get("models");
  if (node == nullptr) return;
  const yaml::Map models(*node, problems_, "models");
  for (const auto& [name, value] : node->entries) {
    ModelPart part;
    part.table = name->text;
    part.place = problems_.place(*name);
    const auto legal = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
    if (part.table.empty() || part.table.front() == '.' || !std::all_of(part.table.begin(), part.table.end(), legal))
      problems_.add(*name, fmt::format("'{}' is no name of a model", part.table));
    if (value->kind == yaml::Node::Kind::map) {
      yaml::Map form(*value, problems_, "a model's part");
      part.has = read_entries(form.require("has"), "has");
      part.without = read_entries(form.get("without"), "without");
      part.mount = form.text("mount");
      if (!part.mount.empty() && !part.mount.ends_with('.'))
        problems_.add(*form.get("mount"), fmt::format("'mount' must end in '.', not '{}'", part.mount));
      form.finish();
    } else {
      part.has = read_entries(value.get(), part.table);
    }
    profile_.models.push_back(std::move(part));
  }
}

// objects: {Object.Path.: {Parameter: definition, …}, …}
void ProfileReader::read_objects() {
  const auto* const node = map_.get("objects");
  if (node == nullptr) return;
  const yaml::Map objects(*node, problems_, "objects");
  for (const auto& [path, members] : node->entries) {
    if (!path->text.ends_with('.'))
      problems_.add(*path, fmt::format("the object's path '{}' must end in '.'", path->text));
    const yaml::Map object(*members, problems_, "an object");
    for (const auto& [name, definition] : members->entries) {
      profile_.parameters.push_back(
          {path->text + name->text, yaml::read_text(*definition, problems_, name->text), problems_.place(*definition)});
    }
  }
}

void ProfileReader::read_values() {
  const auto* const node = map_.get("values");
  if (node == nullptr) return;
  const yaml::Map values(*node, problems_, "values");
  DeviceFields fields;
  for (const auto field : kDeviceFields) fields[std::string(field)] = "";
  for (const auto& [path, value] : node->entries) {
    auto text = yaml::read_text(*value, problems_, path->text);
    if (const auto expanded = expand(text, fields); !expanded) problems_.add(*value, expanded.error().detail);
    profile_.values.push_back({path->text, std::move(text), problems_.place(*value)});
  }
}

}  // namespace hnbemu::config
