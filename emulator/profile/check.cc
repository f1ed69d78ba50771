#include "profile/check.h"

#include <set>

#include "profile/claims.h"
#include "profile/profile_model.h"
#include "profile/tree.h"

namespace hnbemu::profile {
namespace {

void add_lines(const Error& error, std::vector<std::string>& lines) {
  for (std::string_view rest = error.detail; !rest.empty();) {
    const auto end = rest.find('\n');
    lines.emplace_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
}

// A count is the device's own: nobody ever sees what a profile says.
void check_counts(const config::Profile& profile, const std::vector<TreeNode>& tree,
                  std::vector<std::string>& mistakes) {
  std::set<std::string_view> counted;
  for (const auto& node : tree) {
    if (node.parameter != nullptr && node.parameter->counts != datamodel::kNone) counted.insert(node.path);
  }
  for (const auto& entry : profile.values) {
    if (counted.contains(entry.path))
      mistakes.push_back(fmt::format("{}: '{}' counts rows: drop its value", entry.place, entry.path));
  }
}

}  // namespace

config::DeviceFields sample_fields() {
  return {{"id", "device-0001"},         {"serial", "0001"},
          {"mac", "02:00:5E:00:00:01"},  {"outer_address", "100.64.0.1"},
          {"latitude_udeg", "51500700"}, {"longitude_udeg", "-124600"}};
}

Checked check(std::string_view name, const std::vector<std::string>& directories) {
  Checked checked;
  auto loaded = config::load_profile(name, directories);
  if (!loaded) {
    add_lines(loaded.error(), checked.mistakes);
    return checked;
  }
  const auto& profile = checked.profile = std::move(*loaded);
  auto parts = read_model_parts(profile);
  const auto known = std::exchange(parts.profiles, {});
  auto model = make_model(profile, std::move(parts));
  if (!model) {
    add_lines(model.error(), checked.mistakes);
    return checked;
  }
  checked.model = std::move(*model);
  datamodel::DataModel device(checked.model);
  if (const auto filled = fill(device, profile, sample_fields()); !filled) add_lines(filled.error(), checked.mistakes);
  const auto tree = tree_of(checked.model);
  check_counts(profile, tree, checked.mistakes);
  for (auto& unmet : unmet_claims(profile, tree, known)) checked.mistakes.push_back(std::move(unmet));
  checked.parameters = device.values("")->size();
  return checked;
}

}  // namespace hnbemu::profile
