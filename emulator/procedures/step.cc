#include "procedures/step.h"

#include <fmt/format.h>

namespace hnbemu::procedures {

std::string to_string(const Step& step) {
  return fmt::format("{} step {}", step.clause, step.id);
}

void StepLog::record(const Step& step, Millis duration, std::optional<Error> error) {
  if (error && error->step.empty()) error->step = to_string(step);
  if (records_.size() == kMaxRecords) records_.pop_front();
  records_.push_back({step, clock_.wall_now() - duration, duration, std::move(error)});
  if (observer_) observer_(records_.back());
}

}  // namespace hnbemu::procedures
