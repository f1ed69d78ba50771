#pragma once

#include <variant>

#include "base/result.h"
#include "base/unique_fd.h"

namespace hnbemu::app {

// Going on without the command that was typed: that one ends when the fleet is up, or with what kept it from that.
class Background {
 public:
  // Forks, before any thread. Gives the child this object, and the parent the exit status of the command, as soon as
  // the child has called ready() or ended.
  static Result<std::variant<int, Background>> enter();
  void ready();  // from now on there is no terminal

 private:
  explicit Background(UniqueFd parent) : parent_(std::move(parent)) {}
  UniqueFd parent_;  // a pipe
};

}  // namespace hnbemu::app
