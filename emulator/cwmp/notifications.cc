#include "cwmp/notifications.h"

namespace hnbemu::cwmp {

void Notifications::watch(std::function<void()> wanted) {
  wanted_ = std::move(wanted);
  model_.observe([this](std::span<const datamodel::Change> changes) { on_changes(changes); });
}

void Notifications::on_changes(std::span<const datamodel::Change> changes) {
  for (const auto& change : changes) {
    if (change.kind == datamodel::Change::Kind::deleted) {  // an Inform cannot tell what is not there
      std::erase_if(changed_, [&](const auto& path) { return path.starts_with(change.path); });
      if (changed_.empty()) active_ = false;
      continue;
    }
    if (change.kind != datamodel::Change::Kind::value || change.origin == datamodel::Origin::acs) continue;
    if (change.origin == datamodel::Origin::device && (!device_ || change.path == left_)) continue;
    const auto level = model_.notification(change.path);
    if (level > 0) note(change.path, level > 1);
  }
}

void Notifications::note(std::string path, bool active) {
  changed_.insert(std::move(path));
  if (active && !std::exchange(active_, true) && wanted_) wanted_();
}

const std::set<std::string>& Notifications::tell() {
  telling_.merge(std::exchange(changed_, {}));
  active_ = false;
  return telling_;
}

void Notifications::not_told() {
  changed_.merge(std::exchange(telling_, {}));
}

void Notifications::forget() {
  changed_.clear();
  telling_.clear();
  active_ = false;
}

}  // namespace hnbemu::cwmp
