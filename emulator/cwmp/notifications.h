#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>

#include "datamodel/data_model.h"

namespace hnbemu::cwmp {

// What the ACS wants to hear of (TR-069 3.7.1.5, A.3.2.4): the parameters with notification that have another value
// since the last Inform that was accepted, by another hand than the ACS's.
class Notifications {
 public:
  explicit Notifications(datamodel::DataModel& model) : model_(model) {}

  // From now on. `wanted` is called when a session comes to be wanted.
  void watch(std::function<void()> wanted);
  // Until an Inform was accepted, each Inform tells the device's own values anyhow: its own writes are not noted.
  void listen_to_device(bool listen) { device_ = listen; }
  // A parameter of which procedures tell: the device's own writes of it are not noted, note() alone does.
  void leave_to_procedures(std::string path) { left_ = std::move(path); }

  // Called when an Inform was accepted, with what it told.
  void on_told(std::function<void(const std::set<std::string>& paths)> told) { on_told_ = std::move(told); }

  // Noted whatever the parameter's attributes say; `active`: a session is wanted for it.
  void note(std::string path, bool active);

  bool waits_for(const std::string& path) const { return changed_.contains(path); }  // for the next Inform
  bool any() const { return !changed_.empty(); }
  bool session_wanted() const { return active_; }  // one of them has active notification

  // One session: what its Inform tells, then what became of it. What changes meanwhile is for the next one.
  const std::set<std::string>& tell();
  void told() {
    if (on_told_) on_told_(telling_);
    telling_.clear();
  }
  void not_told();
  void forget();  // TR-069 3.7.1.5: goes with a discarded `4 VALUE CHANGE`

 private:
  void on_changes(std::span<const datamodel::Change> changes);

  datamodel::DataModel& model_;
  std::set<std::string> changed_;
  std::set<std::string> telling_;
  std::function<void()> wanted_;
  std::function<void(const std::set<std::string>&)> on_told_;
  std::string left_;
  bool active_ = false;
  bool device_ = false;
};

}  // namespace hnbemu::cwmp
