#include "config/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "config/profile_files.h"
#include "config/yaml.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxBootSeconds = 3600;
constexpr std::int64_t kMaxRemSeconds = 3600;
constexpr std::size_t kMaxSoapId = 64;
constexpr std::size_t kMaxRequestPath = 256;

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

// Reads one profile, whose parents are merged into it.
class Reader {
 public:
  Reader(const yaml::Node& root, yaml::Problems& problems, Profile& profile)
      : map_(root, problems, "a profile"), problems_(problems), profile_(profile) {}

  void read() {
    map_.text("extends");
    profile_.description = map_.text("description");
    map_.require("technology");
    const auto technology = map_.choice("technology", {"hnb", "henb", "none"}, "hnb");
    profile_.technology = technology == "none"   ? Technology::none
                          : technology == "henb" ? Technology::henb
                                                 : Technology::hnb;
    profile_.cwmp_version = map_.choice("cwmp_version", {"1.0", "1.1", "1.2", "1.3", "1.4"}, "1.0");
    profile_.boot_time = Seconds(map_.integer("boot_time_s", {0, kMaxBootSeconds}, profile_.boot_time.count()));
    profile_.rem_time = Seconds(map_.integer("rem_time_s", {0, kMaxRemSeconds}, profile_.rem_time.count()));
    read_identity();
    read_optional_rpcs();
    read_quirks();
    if (const auto* node = map_.get("ways")) profile_.ways = read_ways(*node, problems_);
    read_roles();
    profile_.inform_parameters = read_names("inform_parameters");
    profile_.location_parameters = read_names("location_parameters");
    read_models();
    profile_.claims = read_entries(map_.get("claims"), "claims");
    read_objects();
    profile_.tables = read_entries(map_.get("writable_tables"), "writable_tables");
    profile_.rows = read_entries(map_.get("rows"), "rows");
    read_values();
    if (const auto* node = map_.get("generators")) profile_.generators = std::make_shared<yaml::Node>(*node);
    if (const auto* node = map_.get("links")) profile_.links = std::make_shared<yaml::Node>(*node);
    if (const auto* node = map_.get("alarms")) profile_.alarms = read_alarms(*node, problems_);
    if (const auto* node = map_.get("alarm_catalogue")) add_catalogue(*node);
    if (const auto* node = map_.get("alarm_tables")) profile_.alarm_tables = read_alarm_tables(*node, problems_);
    if (const auto* node = map_.get("measurement_catalogue")) {
      profile_.measurements = catalogue(*node, "measurement_catalogue", "measurements");
    }
    const auto* const performance = map_.get("performance");
    if (performance != nullptr && performance->kind != yaml::Node::Kind::null) {
      profile_.performance = std::make_shared<yaml::Node>(*performance);
    }
    if (const auto* node = map_.get("alarm_generation"))
      profile_.alarm_generation = read_alarm_generation(*node, "alarm_generation", problems_);
    map_.finish();
  }

 private:
  // Digits alone, or with an E, would be a number to other readers of YAML.
  static bool looks_like_number(const yaml::Node& node) {
    return node.plain && node.text.find_first_not_of("0123456789E") == std::string::npos;
  }

  void read_identity() {
    const auto* const node = map_.require("identity");
    if (node == nullptr) return;
    yaml::Map identity(*node, problems_, "identity");
    profile_.manufacturer = identity.required_text("manufacturer");
    profile_.oui = identity.required_text("oui");
    const auto& oui = profile_.oui;
    const bool hexadecimal = oui.size() == 6 && oui.find_first_not_of("0123456789ABCDEF") == std::string::npos;
    if (!oui.empty() && (!hexadecimal || looks_like_number(*identity.get("oui"))))
      problems_.add(*identity.get("oui"),
                    "'oui' must be six hexadecimal digits in upper case and in quotes, \"00256D\"");
    profile_.product_class = identity.required_text("product_class");
    profile_.hardware_version = identity.required_text("hardware_version");
    profile_.software_version = identity.required_text("software_version");
    identity.finish();
  }

  void read_optional_rpcs() {
    for (const auto& entry : yaml::items(map_.get("optional_rpcs"), problems_, "optional_rpcs")) {
      auto name = yaml::read_text(*entry, problems_, "optional_rpcs");
      const bool known = std::ranges::find(kOptionalRpcs, name) != std::end(kOptionalRpcs);
      const bool late = name == "ChangeDUState" && profile_.cwmp_version < "1.2";
      if (!known) {
        problems_.add(*entry,
                      fmt::format("'{}' is none of the optional methods: {}", name, fmt::join(kOptionalRpcs, ", ")));
      } else if (late) {
        problems_.add(*entry, fmt::format("ChangeDUState needs cwmp_version 1.2, not {}", profile_.cwmp_version));
      }
      profile_.optional_rpcs.push_back(std::move(name));
    }
  }

  void read_quirks() {
    const auto* const node = map_.get("quirks");
    if (node == nullptr) return;
    auto& quirks = profile_.quirks;
    yaml::Map map(*node, problems_, "quirks");
    quirks.lenient_types = map.flag("lenient_types", false);
    quirks.status_1 = map.flag("status_1", false);
    quirks.clock_starts_1970 = map.flag("clock_starts_1970", false);
    quirks.value_change_on_boot = map.flag("value_change_on_boot", false);
    quirks.denies_active_notification = map.flag("denies_active_notification", false);
    quirks.download_status_0 = map.flag("download_status_0", false);
    quirks.rem_not_ready = map.flag("rem_not_ready", false);
    quirks.silent_after_deregistration = map.flag("silent_after_deregistration", false);
    quirks.soap_id = read_template(map, "soap_id", {{"n", ""}}, quirks.soap_id, kMaxSoapId);
    DeviceFields fields;
    for (const auto field : kPathFields) fields[std::string(field)] = "";
    auto& path = quirks.connection_request_path;
    path = read_template(map, "connection_request_path", fields, path, kMaxRequestPath);
    const auto legal = [](char c) { return c > ' ' && c < '\x7f' && c != '#' && c != '"' && c != '\\'; };
    if (!path.starts_with('/') || !std::all_of(path.begin(), path.end(), legal)) {
      problems_.add(*map.get("connection_request_path"), "'connection_request_path' must be the path of a URL, \"/x\"");
    }
    map.finish();
  }

  std::string read_template(yaml::Map& map, std::string_view key, const DeviceFields& fields,
                            const std::string& fallback, std::size_t max_length) {
    const auto* const node = map.get(key);
    if (node == nullptr) return fallback;
    auto text = yaml::read_text(*node, problems_, key);
    if (const auto expanded = expand(text, fields); !expanded) problems_.add(*node, expanded.error().detail);
    if (node->kind == yaml::Node::Kind::scalar && (text.empty() || text.size() > max_length))
      problems_.add(*node, fmt::format("'{}' has 1 to {} characters", key, max_length));
    return text.empty() ? fallback : text;
  }

  void read_roles() {
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

  std::vector<std::string> read_names(std::string_view key) {
    std::vector<std::string> names;
    for (auto& entry : read_entries(map_.get(key), key)) {
      entry.text = key;
      names.push_back(entry.path);
      profile_.mentions.push_back(std::move(entry));
    }
    return names;
  }

  std::vector<ProfileEntry> read_entries(const yaml::Node* list, std::string_view key) {
    std::vector<ProfileEntry> entries;
    for (const auto& item : yaml::items(list, problems_, key)) {
      entries.push_back({yaml::read_text(*item, problems_, key), {}, problems_.place(*item)});
      if (entries.back().path.empty() && item->kind == yaml::Node::Kind::scalar)
        problems_.add(*item, fmt::format("an empty text in '{}'", key));
    }
    return entries;
  }

  // models: {table: [prefix, …], …}, or table: {has: […], without: […], mount: Device.Services.}
  void read_models() {
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
  void read_objects() {
    const auto* const node = map_.get("objects");
    if (node == nullptr) return;
    const yaml::Map objects(*node, problems_, "objects");
    for (const auto& [path, members] : node->entries) {
      if (!path->text.ends_with('.'))
        problems_.add(*path, fmt::format("the object's path '{}' must end in '.'", path->text));
      const yaml::Map object(*members, problems_, "an object");
      for (const auto& [name, definition] : members->entries) {
        profile_.parameters.push_back({path->text + name->text, yaml::read_text(*definition, problems_, name->text),
                                       problems_.place(*definition)});
      }
    }
  }

  void read_values() {
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

  // <folder>/<name>.yaml beside one of the folders of models; null, and reported, if there is none.
  yaml::NodePtr catalogue(const yaml::Node& node, std::string_view key, std::string_view folder) {
    const auto name = yaml::read_text(node, problems_, key);
    for (const auto& models : profile_.model_directories) {
      const auto file = std::filesystem::path(models).parent_path() / folder / (name + ".yaml");
      std::error_code error;
      if (!std::filesystem::exists(file, error)) continue;
      const auto root = yaml::load(file);
      if (root) return *root;
      problems_.add(node, root.error().detail);
      return nullptr;
    }
    problems_.add(node, fmt::format("there is no '{}.yaml' in a folder {}/ beside the profiles", name, folder));
    return nullptr;
  }

  // What the profile says itself comes instead.
  void add_catalogue(const yaml::Node& node) {
    const auto root = catalogue(node, "alarm_catalogue", "alarms");
    if (!root) return;
    auto own = std::exchange(profile_.alarms, read_alarms(*root, problems_));
    for (auto& alarm : own) {
      std::erase_if(profile_.alarms, [&](const auto& other) { return other.identifier == alarm.identifier; });
      profile_.alarms.push_back(std::move(alarm));
    }
  }

  yaml::Map map_;
  yaml::Problems& problems_;
  Profile& profile_;
};

}  // namespace

std::string_view Profile::path(std::string_view role) const {
  const auto found = roles.find(role);
  return found == roles.end() ? std::string_view{} : found->second;
}

std::string_view Profile::root() const {
  const auto url = path("acs_url");
  return url.substr(0, url.find('.') + 1);
}

Result<Profile> load_profile(std::string_view name, const std::vector<std::string>& directories) {
  const auto file = find_profile(name, directories);
  if (!file) return tl::unexpected(file.error());
  auto read = load_profile_file(*file, directories);
  if (!read) return tl::unexpected(read.error());
  Profile profile;
  profile.name = std::filesystem::path(*file).stem().string();
  profile.file = *file;
  profile.parents = std::move(read->parents);
  const auto add_models = [&](const std::filesystem::path& directory) {
    profile.model_directories.push_back((directory.empty() ? "." : directory) / "models");
  };
  add_models(std::filesystem::path(*file).parent_path());
  for (const auto& parent : profile.parents) add_models(std::filesystem::path(parent).parent_path());
  for (const auto& directory : directories) add_models(directory);
  yaml::Problems problems;
  Reader(*read->root, problems, profile).read();
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return profile;
}

}  // namespace hnbemu::config
