#include "procedures/step.h"

#include <fmt/format.h>

namespace hnbemu::procedures {

std::string to_string(const Step& step) {
  return fmt::format("{} step {}", step.clause, step.id);
}

std::string to_string(const StepRecord& record) {
  return fmt::format("{} {}, {} ms: {}", to_string(record.step), record.step.name, record.duration.count(),
                     record.error ? record.error->to_string() : "ok");
}

bool is_at(const Step& step, std::string_view place) {
  if (place == step.id || place == to_string(step)) return true;
  const auto section = step.clause.substr(step.clause.rfind(' ') + 1);
  return place == fmt::format("{}/{}", section, step.id);
}

void StepLog::go_on() {
  hold_at_.clear();
}

Task<Result<>> StepLog::reach(Step step) {
  // A stop that came together with the end of the step before has interrupted nothing.
  const bool stopped = co_await is_cancelled();
  if (stopped) co_return fail(Cause::cancelled, "the device was stopped");
  if (hold_at_.empty() || !is_at(step, hold_at_)) co_return Result<>{};
  held_ = step;
  if (on_hold_) on_hold_();
  Result<> slept;
  const auto end = clock_.now() + kLongestHold;
  while (slept && !hold_at_.empty() && is_at(step, hold_at_) && clock_.now() < end) {
    slept = co_await clock_.sleep_until(clock_.now() + kHoldPoll);
  }
  hold_at_.clear();
  held_.reset();
  if (on_hold_) on_hold_();
  if (!slept) slept.error().step = to_string(step);
  co_return slept;
}

void StepLog::record(const Step& step, Millis duration, std::optional<Error> error) {
  if (error && error->step.empty()) error->step = to_string(step);
  if (records_.size() == kMaxRecords) records_.pop_front();
  records_.push_back({step, clock_.wall_now() - duration, duration, std::move(error)});
  for (const auto& observer : observers_) observer(records_.back());
}

}  // namespace hnbemu::procedures
