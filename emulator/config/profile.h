#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/alarm_catalogue.h"
#include "config/alarm_generation.h"
#include "config/ways.h"
#include "config/yaml.h"

namespace hnbemu::config {

// Methods that only some devices have: fault 9000 where the profile does not list them.
inline constexpr std::string_view kOptionalRpcs[] = {"SetVouchers", "GetOptions", "ChangeDUState"};

inline constexpr std::size_t kMaxExtends = 8;  // profiles that build on one another

// Which specification's procedures a device follows.
enum class Technology {
  hnb,   // TS 32.583
  henb,  // TS 32.593
  none   // no femtocell: TR-069 alone
};

// What a device profile says of a place in its data model, not yet looked at: the data model knows what is right.
struct ProfileEntry {
  std::string path;
  std::string text;   // a definition or a value; of a path that is mentioned: by what; "" of a row or table
  std::string place;  // file:line:column, for errors
};

// What a device has of one of the models in profiles/models/.
struct ModelPart {
  std::string table;  // "device-2"
  std::string mount;  // what stands before the table's own paths; "": Services. of the root, if it is a service
  std::vector<ProfileEntry> has;      // objects (path ends in '.') with all below them, and single parameters
  std::vector<ProfileEntry> without;  // less these
  std::string place;
};

// Where a device differs from the others of its standards.
struct Quirks {
  bool lenient_types = false;  // takes any xsi:type whose text is a legal value
  bool status_1 = false;       // SetParameterValues answers Status 1: not yet applied (TR-069 A.3.2.1)
  std::string soap_id = "1";   // of the Inform; {n} counts the sessions since power-up, from 1
  std::string connection_request_path = "/{hex32}";  // template over kPathFields
  bool rem_not_ready = false;               // AdminState cannot be set while it measures: fault 9007 "Rem is not ready"
  bool clock_starts_1970 = false;           // the time is 1970 until the first session since power-up has ended well
  bool value_change_on_boot = false;        // 4 VALUE CHANGE beside 1 BOOT
  bool denies_active_notification = false;  // fault 9009 where TR-106 lets it (activeNotify canDeny)
  bool download_status_0 = false;           // Download and Upload are done before they are answered (TR-069 A.3.2.8)
  // TS 32.593 leaves open what a HeNB does after its de-registration: whether it stays away from its operator.
  bool silent_after_deregistration = false;
};

// What a device profile says: who the device is, how it speaks, where things are in its tree, and the tree.
struct Profile {
  std::string name;
  std::string file;
  std::string description;
  std::vector<std::string> parents;  // files that it extends, the nearest first
  Technology technology = Technology::hnb;
  std::string cwmp_version = "1.0";        // 1.0 to 1.4
  std::vector<std::string> optional_rpcs;  // of kOptionalRpcs, those that the device answers
  Quirks quirks;
  Ways ways;
  Seconds boot_time{5};  // from power-on to the first packet
  Seconds rem_time{1};   // of one radio environment measurement; devices of the field take minutes

  std::string manufacturer;
  std::string oui;
  std::string product_class;
  std::string hardware_version;
  std::string software_version;

  // Parameters of every Inform (TR-069 3.7.1.5 forced ones and the profile's own), full names.
  std::vector<std::string> inform_parameters;
  // Added to the Inform of discovery and registration: position, macro cells, broadband address (TS 25.467 5.2.2).
  std::vector<std::string> location_parameters;

  // Role -> full parameter name. Roles: acs_url, acs_username, acs_password, parameter_key, connection_request_url,
  // connection_request_username, connection_request_password, stun_enable, …, periodic_inform_enable,
  // periodic_inform_interval, periodic_inform_time, retry_minimum_wait_interval, retry_interval_multiplier,
  // active_notification_throttle, heartbeat_enable, heartbeat_interval, heartbeat_time, serial_number, manufacturer,
  // oui, product_class, hardware_version, software_version, up_time, admin_state, op_state, rf_tx_status, serving_segw,
  // gateway, inner_address, outer_address, …
  std::map<std::string, std::string, std::less<>> roles;
  // Empty if the profile has no such place.
  std::string_view path(std::string_view role) const;
  std::string_view root() const;       // "Device."
  std::vector<ProfileEntry> mentions;  // what roles and lists name: parameters of the fresh device

  std::vector<ModelPart> models;
  std::vector<std::string> model_directories;  // where their tables are
  std::vector<ProfileEntry> claims;            // profiles of the standards, "Baseline:1", that the tree is to meet
  std::vector<ProfileEntry> parameters;        // path with {i}, definition
  std::vector<ProfileEntry> tables;            // path with {i}: those where the ACS may add and delete
  std::vector<ProfileEntry> rows;              // instances of a fresh device
  std::vector<ProfileEntry> values;            // of a fresh device; may hold templates over kDeviceFields
  yaml::NodePtr generators;  // and `links`: not yet looked at (generators/plan.h); null if the profile has none
  yaml::NodePtr links;
  std::vector<AlarmDefinition> alarms;  // the catalogue's, then the profile's own
  AlarmTables alarm_tables;
  // The measurement catalogue that it names, and `performance`: not yet looked at (pm/plan.h); null: it has none.
  yaml::NodePtr measurements;
  yaml::NodePtr performance;
  std::optional<AlarmGeneration> alarm_generation{};  // none: no alarm comes by itself
};

// What a value may refer to as {name}: what makes one device differ from the others of its profile.
inline constexpr std::string_view kDeviceFields[] = {
    "id",  "serial",        "oui",           "manufacturer",  "product_class", "hardware_version", "software_version",
    "mac", "outer_address", "latitude_udeg", "longitude_udeg"};  // millionths of a degree
inline constexpr std::string_view kPathFields[] = {"hex32", "serial", "oui", "product_class"};
using DeviceFields = std::map<std::string, std::string, std::less<>>;

// Whether `text` refers to device fields.
bool is_template(std::string_view text);
// `text` with each {name} replaced. Fails on a name that is not there and on a brace without its pair.
Result<std::string> expand(std::string_view text, const DeviceFields& fields);

// Whether a profile is meant by its file instead of its name.
bool is_profile_file(std::string_view name);
// The names of the profiles in `directories`, sorted.
std::vector<std::string> known_profiles(const std::vector<std::string>& directories);
// The profile of that name from the first directory that has it, or from the file if `name` is a path. The error is
// what is wrong with the file, a line each, or that there is no such profile and which ones there are.
Result<Profile> load_profile(std::string_view name, const std::vector<std::string>& directories);

}  // namespace hnbemu::config
