#pragma once

#include <string>
#include <vector>

#include "config/profile.h"
#include "profile/tree.h"
#include "tr106/document.h"

namespace hnbemu::profile {

// What the tree lacks of the standards' profiles that the profile claims ("Baseline:1", of all its models that have a
// profile of this name; TR-106 3.6), a line for each claim. `known` are the profiles of its models (ModelParts).
std::vector<std::string> unmet_claims(const config::Profile& profile, const std::vector<TreeNode>& tree,
                                      const std::vector<tr106::Profile>& known);

}  // namespace hnbemu::profile
