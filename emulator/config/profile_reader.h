#pragma once

#include "config/profile.h"
#include "config/yaml.h"

namespace hnbemu::config {

// Reads one profile, whose parents are merged into it, section by section.
class ProfileReader {
 public:
  ProfileReader(const yaml::Node& root, yaml::Problems& problems, Profile& profile)
      : map_(root, problems, "a profile"), problems_(problems), profile_(profile) {}

  void read();

 private:
  void read_identity();
  void read_optional_rpcs();
  void read_quirks();
  std::string read_template(yaml::Map& map, std::string_view key, const DeviceFields& fields,
                            const std::string& fallback, std::size_t max_length);
  void read_roles();
  void read_models();
  void read_objects();
  void read_values();
  std::vector<std::string> read_names(std::string_view key);
  std::vector<ProfileEntry> read_entries(const yaml::Node* list, std::string_view key);
  yaml::NodePtr catalogue(const yaml::Node& node, std::string_view key, std::string_view folder);
  void add_catalogue(const yaml::Node& node);

  yaml::Map map_;
  yaml::Problems& problems_;
  Profile& profile_;
};

}  // namespace hnbemu::config
