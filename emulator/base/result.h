#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace hnbemu {

// Why an operation failed, in the terms in which a device's user asks. The order means nothing; the names are what
// `ls`, traces and metrics print.
enum class Cause {
  timeout,             // the deadline passed
  cancelled,           // the device was told to stop
  dns_no_such_name,    // NXDOMAIN, or the name has no address
  dns_failure,         // no server answered, or the answer was unusable
  network,             // refused, reset, unreachable
  ike_no_answer,       // the peer never answered IKE_SA_INIT
  ike_authentication,  // wrong certificate, identity or key, on either side
  ike_negotiation,     // no proposal chosen, no traffic selectors, no address
  tunnel_lost,         // the SA went away under a user
  tls_certificate,     // untrusted issuer, wrong name, expired
  tls_handshake,       // any other TLS failure
  http_status,         // an HTTP status that ends the session
  protocol,            // the peer broke SOAP, CWMP, HTTP or vici
  cwmp_fault,          // a SOAP fault that ends the session
  refused_by_hms,      // the HMS would not serve this device (location, identity)
  authentication,      // the server takes no such user or password
  not_found,           // the server has no such file, or gives no right to it
  interrupted,         // a file broke off on the way
  unsupported,         // a scheme, a file type, a test that this device does not have
  configuration,       // the user's input
  resources,           // descriptors, memory, disk, tasks
  system,              // any other operating-system error
};

std::string_view to_string(Cause cause);

// An operating error is a value: what happened, in whose procedure step, and the native code where there is one.
struct Error {
  Cause cause = Cause::system;
  std::string detail;  // one line, for people: where, what, and what to do
  int native = 0;      // errno, CURLcode, HTTP status, CWMP fault code …; 0 if none
  std::string step{};  // "TS 32.583 5.1.1 step 2.3"; filled by step() alone

  std::string to_string() const;
};

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Cause cause, std::string detail, int native = 0) {
  return tl::unexpected<Error>(Error{cause, std::move(detail), native});
}

// The failure of `what`, with errno's own words.
tl::unexpected<Error> fail_errno(std::string_view what, int error_number);

}  // namespace hnbemu
