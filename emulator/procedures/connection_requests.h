#pragma once

#include "procedures/context.h"

namespace hnbemu::procedures {

inline constexpr std::uint16_t kConnectionRequestPort = 7547;  // CWMP's, by IANA

// TR-069 3.2.2: "The CPE SHOULD restrict the number of Connection Requests it accepts during a given period of time".
class RequestWindow {
 public:
  static constexpr std::size_t kMaxRequests = 30;
  static constexpr Seconds kLength{60};

  bool is_full(Deadline now);
  void accept(Deadline now) { accepted_.push_back(now); }

 private:
  std::deque<Deadline> accepted_{};  // within the window, oldest first
};

// The fact in the device's memory.
inline constexpr const char* kConnectionRequestTarget = "connection_request_target";

// TR-069 3.2.2: the device can be reached on the way by which it reaches its HMS, and ConnectionRequestURL says where.
Result<> accept_connection_requests(Context& context, const Path& path);

// The profile's kind of path, by default one that nobody guesses; the same for as long as the device remembers it.
void choose_connection_request_target(Context& context);

}  // namespace hnbemu::procedures
