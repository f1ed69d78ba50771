#include "lab/config.h"

#include <set>

namespace hnbemu::lab {
namespace {

template <class Entry>
std::vector<Entry> list(const LabConfig& config, const Entry& initial, const Entry& serving,
                        const std::vector<Entry>& more) {
  std::vector<Entry> all{initial};
  if (!config.serving_is_initial) all.push_back(serving);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

template <class Entry>
Result<> check(std::string_view kind, const std::vector<Entry>& entries) {
  std::set<std::string> seen;
  for (const auto& entry : entries) {
    if (entry.name.empty()) return fail(Cause::configuration, fmt::format("lab: a {} has no name", kind));
    if (!seen.insert(entry.name).second) {
      return fail(Cause::configuration, fmt::format("lab: two {}s have the name {}", kind, entry.name));
    }
  }
  return {};
}

}  // namespace

std::vector<SegwConfig> segws_of(const LabConfig& config) {
  if (!config.has_segws) return {};
  return list(config, config.initial_segw, config.serving_segw, config.more_segws);
}

std::vector<HmsConfig> hmss_of(const LabConfig& config) {
  if (!config.has_hmss) return {};
  return list(config, config.initial_hms, config.serving_hms, config.more_hmss);
}

Result<> check_names(const LabConfig& config) {
  return check("SeGW", segws_of(config)).and_then([&] { return check("HMS", hmss_of(config)); });
}

}  // namespace hnbemu::lab
