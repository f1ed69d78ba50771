#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "hms/referee.h"

namespace hnbemu::hms::referee {
namespace {

// The media type without its parameters: "text/xml" of "text/xml; charset=utf-8".
std::string_view media_type(std::string_view value) {
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ')) value.remove_suffix(1);
  return value;
}

bool contains(std::string_view text, std::string_view part) {
  return !part.empty() && text.find(part) != std::string_view::npos;
}

}  // namespace

void check_http(const HttpRequest& request, Findings& findings) {
  if (request.version != 11) findings.add(Rule::http_version, "the request is not HTTP/1.1");
  const auto action = request.header("SOAPAction");
  const auto type = request.header("Content-Type");
  if (request.body.empty()) {
    if (action) findings.add(Rule::empty_post_headers, "an empty POST carries SOAPAction");
    if (type) findings.add(Rule::empty_post_headers, "an empty POST carries Content-Type");
    return;
  }
  if (!action) {
    findings.add(Rule::soap_action, "no SOAPAction header");
  } else if (!action->empty()) {
    findings.add(Rule::soap_action, fmt::format("SOAPAction has the value '{}'; it must be empty", *action));
  }
  if (!type) {
    findings.add(Rule::content_type, "no Content-Type header");
  } else if (!equal_ignoring_case(media_type(*type), "text/xml")) {
    findings.add(Rule::content_type, fmt::format("Content-Type is '{}'; it must be text/xml", *type));
  }
}

// TR-069 3.4.4: the certificate names its device by the serial number, beside the OUI or alone (TS 33.320 A.2 leaves
// the form of the FQDN to the manufacturer).
void check_certificate(const HttpRequest& request, const cwmp::DeviceId& device, Findings& findings) {
  if (!request.tls) return;
  if (!request.certificate) {
    findings.add(Rule::client_certificate, "no TLS client certificate");
    return;
  }
  if (!request.certificate->trusted) {
    findings.add(Rule::client_certificate, "the TLS client certificate is not of the factory CA");
  }
  const auto& names = request.certificate->names;
  const bool own = std::ranges::any_of(names, [&](const auto& n) { return contains(n, device.serial_number); });
  if (own) return;
  findings.add(Rule::client_certificate,
               fmt::format("the TLS client certificate of '{}' is not that of serial number {}",
                           names.empty() ? "nobody" : names.front(), device.serial_number));
}

}  // namespace hnbemu::hms::referee
