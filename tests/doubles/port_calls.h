#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace hnbemu::doubles {

// Counts the calls that a device makes to its ports and makes one of them fail, so that an exchange can be replayed
// with a failure at every step.
class PortCalls {
 public:
  void fail_call(std::size_t index, Error error) {
    fail_at_ = index;
    error_ = std::move(error);
  }
  std::optional<Error> next(std::string what) {
    log_.push_back(std::move(what));
    if (fail_at_ && log_.size() - 1 == *fail_at_) return error_;
    return std::nullopt;
  }
  const std::vector<std::string>& log() const { return log_; }

 private:
  std::vector<std::string> log_;
  std::optional<std::size_t> fail_at_;
  Error error_;
};

}  // namespace hnbemu::doubles
