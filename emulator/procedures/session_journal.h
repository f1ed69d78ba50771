#pragma once

#include <utility>

#include "ports/acs_http.h"
#include "procedures/cwmp_session.h"
#include "procedures/step.h"

namespace hnbemu::procedures {

// Tells the steps of the procedure apart as the messages go by.
class SessionJournal {
 public:
  SessionJournal(StepLog& log, const SessionSteps& steps) : log_(log), steps_(steps), last_(log.clock().now()) {}

  // The answer to a post has come, or has not.
  void on_reply(const AcsResponse& response, bool was_inform) {
    const auto duration = lap();
    if (was_inform) {
      log_.record(steps_.establish, response.connect);
      log_.record(steps_.inform, duration - response.connect);
    } else if (std::exchange(answering_, false)) {
      log_.record(steps_.acknowledge, duration);
    }
  }
  // Returns the error with its step.
  Error on_no_reply(Error error, bool was_inform) {
    const bool late = error.cause == Cause::timeout;  // connecting is fast: a late answer is one to the Inform
    const auto& step = was_inform   ? (late ? steps_.inform : steps_.establish)
                       : answering_ ? steps_.acknowledge
                                    : steps_.release.value_or(steps_.establish);
    error.step = to_string(step);
    log_.record(step, lap(), error);
    return error;
  }
  void resume() { lap(); }  // after a time that does not count
  void on_accepted() { log_.record(steps_.accept, Millis{0}); }
  void on_request(std::string_view request) {
    answering_ = request == "SetParameterValues";
    if (answering_) log_.record(steps_.provision, Millis{0});
  }
  void on_end() {
    if (steps_.release) log_.record(*steps_.release, Millis{0});
  }
  // What the transport did has its own step already; this is what the ACS said.
  void on_failure(const Error& error, bool accepted) {
    log_.record(accepted ? steps_.release.value_or(steps_.establish) : steps_.accept, Millis{0}, error);
  }

 private:
  Millis lap() {
    const auto now = log_.clock().now();
    return std::chrono::duration_cast<Millis>(now - std::exchange(last_, now));
  }

  StepLog& log_;
  const SessionSteps& steps_;
  Deadline last_;
  bool answering_ = false;  // the post under way carries the SetParameterValuesResponse
};

}  // namespace hnbemu::procedures
