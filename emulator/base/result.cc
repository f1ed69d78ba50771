#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace hnbemu {

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::timeout:
      return "timeout";
    case Cause::cancelled:
      return "cancelled";
    case Cause::dns_no_such_name:
      return "dns-no-such-name";
    case Cause::dns_failure:
      return "dns-failure";
    case Cause::network:
      return "network";
    case Cause::ike_no_answer:
      return "ike-no-answer";
    case Cause::ike_authentication:
      return "ike-authentication";
    case Cause::ike_negotiation:
      return "ike-negotiation";
    case Cause::tunnel_lost:
      return "tunnel-lost";
    case Cause::tls_certificate:
      return "tls-certificate";
    case Cause::tls_handshake:
      return "tls-handshake";
    case Cause::http_status:
      return "http-status";
    case Cause::protocol:
      return "protocol";
    case Cause::cwmp_fault:
      return "cwmp-fault";
    case Cause::refused_by_hms:
      return "refused-by-hms";
    case Cause::authentication:
      return "authentication";
    case Cause::not_found:
      return "not-found";
    case Cause::interrupted:
      return "interrupted";
    case Cause::unsupported:
      return "unsupported";
    case Cause::configuration:
      return "configuration";
    case Cause::resources:
      return "resources";
    case Cause::system:
      return "system";
  }
  return "unknown";
}

std::string Error::to_string() const {
  std::string text = step.empty() ? std::string{} : step + ": ";
  text += hnbemu::to_string(cause);
  if (!detail.empty()) text += ": " + detail;
  return text;
}

tl::unexpected<Error> fail_errno(std::string_view what, int error_number) {
  const auto cause =
      error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM || error_number == ENOSPC
          ? Cause::resources
          : Cause::system;
  return fail(cause, fmt::format("{}: {}", what, std::generic_category().message(error_number)), error_number);
}

}  // namespace hnbemu
