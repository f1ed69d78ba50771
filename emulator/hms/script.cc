#include "hms/script.h"

#include <utility>

#include "hms/provisioning.h"

namespace hnbemu::hms {

bool Script::add(Misbehaviour misbehaviour) {
  if (pending_.size() >= kMaxMisbehaviours) return false;
  pending_.push_back(std::move(misbehaviour));
  return true;
}

std::vector<Misbehaviour> Script::take(std::string_view serial, std::uint64_t session, std::uint64_t step) {
  std::vector<Misbehaviour> now;
  for (auto it = pending_.begin(); it != pending_.end();) {
    const bool due = (it->session == 0 || it->session == session) && (it->step == 0 || it->step == step) &&
                     glob_matches(it->serial, serial);
    if (!due) {
      ++it;
      continue;
    }
    now.push_back(*it);
    const bool spent = it->times == 1;
    if (it->times > 1) --it->times;
    it = spent ? pending_.erase(it) : it + 1;
  }
  return now;
}

}  // namespace hnbemu::hms
