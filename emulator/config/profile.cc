#include "config/profile.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "config/profile_files.h"
#include "config/profile_reader.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxBootSeconds = 3600;
constexpr std::int64_t kMaxRemSeconds = 3600;

}  // namespace

void ProfileReader::read() {
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

// <folder>/<name>.yaml beside one of the folders of models; null, and reported, if there is none.
yaml::NodePtr ProfileReader::catalogue(const yaml::Node& node, std::string_view key, std::string_view folder) {
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
void ProfileReader::add_catalogue(const yaml::Node& node) {
  const auto root = catalogue(node, "alarm_catalogue", "alarms");
  if (!root) return;
  auto own = std::exchange(profile_.alarms, read_alarms(*root, problems_));
  for (auto& alarm : own) {
    std::erase_if(profile_.alarms, [&](const auto& other) { return other.identifier == alarm.identifier; });
    profile_.alarms.push_back(std::move(alarm));
  }
}

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
  ProfileReader(*read->root, problems, profile).read();
  if (auto good = problems.result(); !good) return tl::unexpected(good.error());
  return profile;
}

}  // namespace hnbemu::config
