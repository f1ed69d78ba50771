#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "hms/http_message.h"
#include "hms/violation.h"
#include "httpauth/digest.h"

// HTTP authentication of devices (TR-069 3.4.4 and 3.4.5, RFC 7616, RFC 7617).
namespace hnbemu::hms {

struct Authentication {
  enum class Scheme : std::uint8_t { none, basic, digest };
  using Algorithm = httpauth::Algorithm;
  Scheme scheme = Scheme::none;
  Algorithm algorithm = Algorithm::md5;
  std::string realm = "hms";
  std::map<std::string, std::string, std::less<>> accounts;  // user name -> password
};

class Authenticator {
 public:
  static constexpr Seconds kNonceLife{300};

  explicit Authenticator(Authentication settings);

  // The challenge of a 401 (the value of WWW-Authenticate), or nothing if the request may pass.
  std::optional<std::string> challenge(const HttpRequest& request, Deadline now, Findings& findings) const;

 private:
  std::optional<std::string> challenge_basic(std::string_view header, Findings& findings) const;
  std::optional<std::string> challenge_digest(std::string_view header, const HttpRequest& request, Deadline now,
                                              Findings& findings) const;

  Authentication settings_;
  httpauth::DigestServer digest_;
};

}  // namespace hnbemu::hms
