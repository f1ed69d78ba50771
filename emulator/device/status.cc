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
    case State::silent:
      return "silent";
  }
  return "unknown";
}

std::string to_string(const Status& status) {
  auto text = std::string(to_string(status.state));
  if (!status.held_at.empty()) text += ", held before " + status.held_at;
  if (!status.off_air.empty()) text += ", off the air: " + status.off_air;
  if (status.error) text += ": " + status.error->to_string();
  return text;
}

}  // namespace hnbemu::device
