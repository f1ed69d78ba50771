#pragma once

#include "config/profile.h"
#include "config/yaml.h"

namespace hnbemu::config {

// A profile's file with what it extends merged into it.
struct ProfileFile {
  yaml::NodePtr root;
  std::vector<std::string> parents;  // files, the nearest first
};

// The file of the profile `name`, in the first directory that has it; a path is what it is.
Result<std::string> find_profile(std::string_view name, const std::vector<std::string>& directories);

// Reads the file and, through `extends`, its parents, which are found in `directories`, beside the file, or by a path
// from there. The child's scalars come instead of its parent's; maps are merged key by key, where a key with nothing
// removes the parent's; lists come instead of the parent's, or change them: {add: […], remove: […]}.
Result<ProfileFile> load_profile_file(const std::string& file, const std::vector<std::string>& directories);

}  // namespace hnbemu::config
