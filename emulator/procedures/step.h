#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "ports/clock.h"
#include "ports/task.h"

namespace hnbemu::procedures {

// A numbered step of a procedure, as the specification numbers it.
struct Step {
  std::string_view id;      // "2.3"
  std::string_view clause;  // "TS 32.583 5.1.1"
  std::string_view name;    // "secure connection to the Initial SeGW"
};

std::string to_string(const Step& step);  // "TS 32.583 5.1.1 step 2.3"

struct StepRecord {
  Step step;
  WallTime started;
  Millis duration{0};
  std::optional<Error> error;  // none: the step succeeded
};

// The steps that a device has taken, newest last; the one place that numbers them, times them and tells observers.
class StepLog {
 public:
  static constexpr std::size_t kMaxRecords = 256;  // the oldest are forgotten first

  explicit StepLog(const Clock& clock) : clock_(clock) {}

  using Observer = std::function<void(const StepRecord&)>;
  void observe(Observer observer) { observer_ = std::move(observer); }

  // A step that began `duration` ago and ended now. An error comes back with the step's name in it.
  void record(const Step& step, Millis duration, std::optional<Error> error = std::nullopt);
  const std::deque<StepRecord>& records() const { return records_; }
  void clear() { records_.clear(); }
  const Clock& clock() const { return clock_; }

 private:
  const Clock& clock_;
  Observer observer_;
  std::deque<StepRecord> records_;
};

// Runs one step of a procedure.
template <class T>
Task<Result<T>> step(StepLog& log, Step what, Task<Result<T>> work) {
  const auto begin = log.clock().now();
  Result<T> result = co_await std::move(work);
  if (!result) result.error().step = to_string(what);
  const auto duration = std::chrono::duration_cast<Millis>(log.clock().now() - begin);
  log.record(what, duration, result ? std::nullopt : std::optional<Error>(result.error()));
  co_return result;
}

}  // namespace hnbemu::procedures
