#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/clock.h"
#include "ports/task.h"

namespace hnbemu::procedures {

// Who takes part in the procedures, in the order of TS 32.583 figures 5.1.1-1 and 5.2.1-1.
enum class Party : std::uint8_t {
  device,
  outer_dns,
  dns,
  initial_segw,
  inner_dns,
  initial_hms,
  serving_segw,
  segw,
  serving_hms,
  acs,
  gateway
};

// What a step is in the specification's figure; from the device to itself: what it does alone.
struct Arrow {
  Party from = Party::device;
  Party to = Party::device;
  bool is_answer = false;
};
constexpr Arrow to(Party party) {
  return {Party::device, party};
}
constexpr Arrow from(Party party) {
  return {party, Party::device};
}
constexpr Arrow answer_to(Party party) {
  return {Party::device, party, true};
}
constexpr Arrow answer_from(Party party) {
  return {party, Party::device, true};
}

// A numbered step of a procedure, as the specification numbers it.
struct Step {
  std::string_view id;      // "2.3"
  std::string_view clause;  // "TS 32.583 5.1.1"
  std::string_view name;    // "secure connection to the Initial SeGW"
  Arrow arrow{};
};

std::string to_string(const Step& step);  // "TS 32.583 5.1.1 step 2.3"
// Whether `place` means this step: "2.3", "5.1.1/2.3", "TS 32.583 5.1.1 step 2.3".
bool is_at(const Step& step, std::string_view place);

struct StepRecord {
  Step step;
  WallTime started;
  Millis duration{0};
  std::optional<Error> error;  // none: the step succeeded
};

std::string to_string(const StepRecord& record);  // with what became of it

// The steps that a device has taken, newest last; the one place that numbers them, times them and tells observers.
class StepLog {
 public:
  static constexpr std::size_t kMaxRecords = 256;  // the oldest are forgotten first
  static constexpr std::chrono::hours kLongestHold{24};
  static constexpr Millis kHoldPoll{20};

  explicit StepLog(Clock& clock) : clock_(clock) {}

  using Observer = std::function<void(const StepRecord&)>;
  void observe(Observer observer) { observers_.push_back(std::move(observer)); }

  // A step that began `duration` ago and ended now. An error comes back with the step's name in it.
  void record(const Step& step, Millis duration, std::optional<Error> error = std::nullopt);

  // A breakpoint: the device stops before the next step that `place` means, until go_on().
  void hold_at(std::string place) { hold_at_ = std::move(place); }
  void go_on();
  const std::optional<Step>& held() const { return held_; }
  void observe_hold(std::function<void()> observer) { on_hold_ = std::move(observer); }
  // Every step passes here before it begins. The only error is Cause::cancelled.
  Task<Result<>> reach(Step step);

  const std::deque<StepRecord>& records() const { return records_; }
  void clear() { records_.clear(); }
  const Clock& clock() const { return clock_; }

 private:
  Clock& clock_;
  std::vector<Observer> observers_;
  std::string hold_at_;  // "": nowhere
  std::optional<Step> held_;
  std::function<void()> on_hold_;  // after every change of held()
  std::deque<StepRecord> records_;
};

// Runs one step of a procedure.
template <class T>
Task<Result<T>> step(StepLog& log, Step what, Task<Result<T>> work) {
  const auto reached = co_await log.reach(what);
  if (!reached) co_return tl::unexpected(reached.error());
  const auto begin = log.clock().now();
  Result<T> result = co_await std::move(work);
  if (!result) result.error().step = to_string(what);
  const auto duration = std::chrono::duration_cast<Millis>(log.clock().now() - begin);
  log.record(what, duration, result ? std::nullopt : std::optional<Error>(result.error()));
  co_return result;
}

}  // namespace hnbemu::procedures
