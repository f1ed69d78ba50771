#include "device/status.h"

namespace hnbemu::device {

std::string_view to_string(State state) {
  switch (state) {
    case State::off:
      return "off";
    case State::discovering:
      return "discovering";
    case State::registering:
      return "registering";
    case State::registered:
      return "registered";
    case State::in_service:
      return "in-service";
    case State::waiting_to_retry:
      return "waiting-to-retry";
    case State::rebooting:
      return "rebooting";
  }
  return "unknown";
}

}  // namespace hnbemu::device
