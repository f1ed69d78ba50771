#pragma once

#include <string>

#include "base/url.h"
#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// One HTTP POST of a CWMP session (TR-069 3.4). Address and name come apart because the name was resolved by the
// device's own resolver: the connection goes to `address`, the Host header, SNI and certificate check use `url.host`.
struct AcsRequest {
  Url url;
  IpAddress address;
  std::string body;      // empty: an empty POST, without Content-Type and SOAPAction
  std::string username;  // ManagementServer.Username; used when the ACS challenges (Basic or Digest)
  std::string password;
};

struct AcsResponse {
  int status = 0;
  std::string content_type;
  std::string location;     // of a 3xx
  std::string retry_after;  // of a 503, as sent
  std::string body;
  Millis connect{0};  // until the connection stood, TLS included; 0 if one was reused
};

// The device's HTTP client towards its ACS. It keeps one connection alive between the requests of a session, returns
// the session's cookies, answers Basic and Digest challenges, and follows no redirect by itself.
class AcsHttp {
 public:
  virtual ~AcsHttp() = default;
  // Any HTTP status is a value. Errors: network, tls_certificate, tls_handshake, protocol, resources (body over the
  // limit), timeout, cancelled.
  virtual Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline) = 0;
  // Closes the connections and forgets the cookies: at the end of each session and whenever an SA changes. A post that
  // is under way ends with Cause::network.
  virtual void reset() = 0;
};

}  // namespace hnbemu
