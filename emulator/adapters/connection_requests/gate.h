#pragma once

#include <deque>
#include <functional>
#include <string>

#include "base/time.h"
#include "httpauth/digest.h"
#include "ports/connection_requests.h"

namespace hnbemu::connection_requests {

inline constexpr Seconds kNonceLife{60};
inline constexpr std::size_t kRememberedCredentials = 64;  // so that nobody who overheard a request can send it again

struct Request {
  std::string method;
  std::string target;
  std::string authorization;  // empty: none
};

struct Answer {
  unsigned status = 0;    // 200, 401, 404, 405 or 503; never with a body nor with Retry-After (TR-069 3.2.2)
  std::string challenge;  // of a 401
};

// Decides what a connection request is answered with. Credentials are asked for always (TR-069 3.2.2: "The CPE MUST use
// digest-authentication"): a device that was given no user name answers 401 to everybody. Who is not authenticated
// learns nothing about the device's state.
class Gate {
 public:
  Answer answer(const Request& request, const ConnectionRequestAccess& access, const std::function<bool()>& ready,
                Deadline now);

 private:
  bool is_authentic(const httpauth::DigestCredentials& credentials, const Request& request,
                    const ConnectionRequestAccess& access) const;
  bool is_repeated(const httpauth::DigestCredentials& credentials) const;

  httpauth::DigestServer digest_{"CWMP", httpauth::Algorithm::md5, kNonceLife};
  std::deque<std::string> used_;  // responses of the last authenticated requests
};

}  // namespace hnbemu::connection_requests
