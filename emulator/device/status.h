#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "procedures/step.h"

namespace hnbemu::device {

enum class State {
  off,
  discovering,       // finding its serving elements
  registering,       // with its Serving HMS
  registered,        // registered, and off the air: AdminState is false, or Status::off_air says why
  in_service,        // the session with the Serving HMS ended cleanly and OpState is true
  waiting_to_retry,  // the attempt failed; the next one comes by the retry table
  rebooting,
  silent,  // it has left its operator and stays away
};

std::string_view to_string(State state);

// A device as its user sees it.
struct Status {
  std::string id;
  std::string profile;
  State state = State::off;
  IpAddress outer_address;
  IpAddress inner_address;     // 0.0.0.0 without a tunnel
  std::string serving_hms;     // URL; "" before it is known
  std::optional<Error> error;  // why the last attempt failed; kept until one succeeds
  unsigned failed_attempts = 0;
  std::string off_air;  // why the cell is not on the air though AdminState is true, "" if nothing
  std::string held_at;  // the step that it waits before, "" if none
};

// One line: the state, where it is held, and why it is not better.
std::string to_string(const Status& status);

}  // namespace hnbemu::device
