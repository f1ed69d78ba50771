#pragma once

#include <deque>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "cwmp/messages.h"
#include "datamodel/fault.h"

namespace hnbemu::cwmp {

// What became of the ACS's ChangeDUStates on a device without an execution environment, and which of that the ACS has
// not heard yet (TR-069 A.4.1.10, A.4.2.3).
class DeploymentUnits {
 public:
  static constexpr std::size_t kMaxUntold = 16;      // ChangeDUStates; more: fault 9004
  static constexpr std::size_t kMaxOperations = 64;  // of one ChangeDUState; more: fault 9004

  // Each operation ends at once, and badly: no unit is there, and nothing could run one.
  tl::expected<void, datamodel::FaultCode> change(const ChangeDuState& request, WallTime now);

  bool empty() const { return untold_.empty(); }
  const std::deque<DuStateChangeComplete>& untold() const { return untold_; }  // the oldest first
  void told() { untold_.pop_front(); }                                         // the oldest; there is one
  std::vector<EventStruct> events() const;                                     // of all that are untold

  void restore(std::deque<DuStateChangeComplete> untold) { untold_ = std::move(untold); }
  void clear() { untold_.clear(); }

 private:
  std::deque<DuStateChangeComplete> untold_;
};

}  // namespace hnbemu::cwmp
