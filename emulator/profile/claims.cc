#include "profile/claims.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/suggest.h"
#include "profile/profile_model.h"

namespace hnbemu::profile {
namespace {

constexpr std::size_t kMaxNamed = 8;  // of what lacks, for each claim

using tr106::Requirement;

class Claims {
 public:
  Claims(const std::vector<TreeNode>& tree, const std::vector<tr106::Profile>& known) : known_(known) {
    for (const auto& node : tree) writable_[as_defined(node.path)] = node.writable;
  }

  // What lacks of the claim; nothing if no model has a profile of that name.
  std::optional<std::vector<std::string>> lacking(const std::string& claim) {
    seen_.clear();
    std::vector<std::string> lacking;
    if (!look_for(claim, lacking)) return std::nullopt;
    return lacking;
  }

 private:
  bool look_for(const std::string& name, std::vector<std::string>& lacking) {
    if (!seen_.insert(name).second) return true;
    bool found = false;
    for (const auto& profile : known_) {
      if (profile.name != name) continue;
      found = true;
      for (const auto& included : profile.extends) look_for(included, lacking);
      for (const auto& part : profile.parts) look_at(part, lacking);
    }
    return found;
  }

  void look_at(const tr106::Profile::Part& part, std::vector<std::string>& lacking) const {
    const bool is_table = part.path.ends_with("{i}.");
    const auto object = writable_.find(is_table ? part.path.substr(0, part.path.size() - 4) : part.path);
    if (object == writable_.end()) {
      lacking.push_back(part.path);
      return;
    }
    const bool rows_by_acs = part.requirement != Requirement::present && part.requirement != Requirement::not_specified;
    if (rows_by_acs && is_table && !object->second) lacking.push_back(part.path + " (rw)");
    for (const auto& item : part.parameters) {
      const auto parameter = writable_.find(part.path + item.name);
      if (parameter == writable_.end()) {
        lacking.push_back(part.path + item.name);
      } else if (item.access == tr106::Access::read_write && !parameter->second) {
        lacking.push_back(part.path + item.name + " (rw)");
      }
    }
  }

  const std::vector<tr106::Profile>& known_;
  std::map<std::string, bool, std::less<>> writable_;  // by path as it is defined; a table's ends before {i}
  std::set<std::string> seen_;
};

}  // namespace

std::vector<std::string> unmet_claims(const config::Profile& profile, const std::vector<TreeNode>& tree,
                                      const std::vector<tr106::Profile>& known) {
  std::vector<std::string> unmet;
  if (profile.claims.empty()) return unmet;
  std::vector<std::string> names;
  names.reserve(known.size());
  for (const auto& one : known) names.push_back(one.name);
  Claims claims(tree, known);
  for (const auto& claim : profile.claims) {
    auto lacking = claims.lacking(claim.path);
    if (!lacking) {
      unmet.push_back(fmt::format("{}: no model has a profile '{}'{}", claim.place, claim.path,
                                  config::suggestion(claim.path, names)));
    } else if (!lacking->empty()) {
      const auto more = lacking->size() > kMaxNamed ? fmt::format(", and {} more", lacking->size() - kMaxNamed) : "";
      lacking->resize(std::min(lacking->size(), kMaxNamed));
      unmet.push_back(fmt::format("{}: '{}' is not met: there is no {}{}", claim.place, claim.path,
                                  fmt::join(*lacking, ", "), more));
    }
  }
  return unmet;
}

}  // namespace hnbemu::profile
