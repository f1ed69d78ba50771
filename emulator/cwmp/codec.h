#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cwmp/messages.h"
#include "cwmp/xml_document.h"

namespace hnbemu::cwmp {

inline constexpr std::size_t kMaxIrregularities = 16;

std::string_view namespace_uri(Version version);

// The name of the body's message on the wire: "Inform", "GetParameterValuesResponse", "Fault"; "" for an empty body.
std::string_view message_name(const Body& body);

// A SOAP 1.1 envelope to CWMP's terms. Errors are what no CWMP fault can answer: Cause::protocol if it is no
// well-formed SOAP envelope in a CWMP namespace, Cause::resources if it is over a limit. All else is a Body, possibly
// UnknownMethod or InvalidMessage. Tolerated: any prefixes, a byte order mark, wrong arrayType counts, other names for
// array members.
Result<Envelope> decode(std::string_view xml, const XmlLimits& limits = {});

// Valid against the schema of the envelope's version if the values are (lengths, dates).
std::string encode(const Envelope& envelope);

}  // namespace hnbemu::cwmp
