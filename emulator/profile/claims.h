#pragma once

#include <string>
#include <vector>

#include "config/profile.h"
#include "profile/tree.h"

namespace hnbemu::profile {

// What the tree lacks of the standards' profiles that the profile claims ("Baseline:1", of all its models that have a
// profile of this name; TR-106 3.6), a line for each claim.
std::vector<std::string> unmet_claims(const config::Profile& profile, const std::vector<TreeNode>& tree);

}  // namespace hnbemu::profile
