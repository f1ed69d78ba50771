#include "cwmp/codec.h"

#include <array>

#include "base/number.h"
#include "cwmp/action_fields.h"
#include "cwmp/optional_fields.h"
#include "cwmp/parameter_fields.h"
#include "cwmp/transfer_fields.h"

namespace hnbemu::cwmp {

namespace {

constexpr std::string_view kSoapUri = "http://schemas.xmlsoap.org/soap/envelope/";

std::optional<Version> version_of(std::string_view uri) {
  if (uri == "urn:dslforum-org:cwmp-1-0") return Version::v1_0;
  if (uri == "urn:dslforum-org:cwmp-1-1") return Version::v1_1;
  if (uri == "urn:dslforum-org:cwmp-1-2") return Version::v1_2;
  return std::nullopt;
}

template <class Message>
concept Named = requires {
  Message::kName;
};

void fields(auto& /*io*/, auto& message) requires std::is_empty_v<std::remove_reference_t<decltype(message)>> {}

template <std::size_t Index = 0>
bool read_message(std::string_view name, MessageReader& in, Body& out) {
  if constexpr (Index < std::variant_size_v<AnyMessage>) {
    using Message = std::variant_alternative_t<Index, AnyMessage>;
    if constexpr (Named<Message>) {
      if (name == Message::kName) {
        FieldReader io(in);
        fields(io, out.emplace<Message>());
        return true;
      }
    }
    return read_message<Index + 1>(name, in, out);
  }
  return false;
}

bool must_understand(XmlElement header) {
  const auto value = header.attribute(kSoapUri, "mustUnderstand");
  return value && trim(*value) == "1";
}

class EnvelopeReader {
 public:
  Result<Envelope> read(XmlElement root) {
    if (root.name() != "Envelope") {
      return fail(Cause::protocol, fmt::format("the document is a {}, not a SOAP Envelope", root.name()));
    }
    if (root.uri() != kSoapUri) {
      return fail(Cause::protocol, fmt::format("Envelope in namespace '{}', not SOAP 1.1's", root.uri()));
    }
    const auto body = root.child("Body");
    if (!body) return fail(Cause::protocol, "the SOAP Envelope has no Body");
    if (const auto header = root.child("Header")) read_header(*header);
    if (auto done = read_body(*body); !done) return tl::unexpected(std::move(done).error());
    if (version_) envelope_.version = *version_;
    return std::move(envelope_);
  }

 private:
  void irregular(std::string text) { ReadReport{{}, &envelope_.irregularities}.irregular(std::move(text)); }

  // Every CWMP element of one envelope is in one namespace.
  bool note_version(XmlElement element) {
    const auto version = version_of(element.uri());
    if (!version) return false;
    if (version_ && *version_ != *version) irregular("elements of two CWMP namespaces in one envelope");
    version_ = version;
    return true;
  }

  void read_header(XmlElement header) {
    for (auto item = header.first_child(); item; item = item->next()) {
      const bool understood = version_of(item->uri()) && read_header_item(*item);
      if (!understood && must_understand(*item)) envelope_.not_understood = std::string(item->name());
    }
  }

  bool read_header_item(XmlElement item) {
    const auto name = item.name();
    const auto text = item.trimmed();
    // 3.5: a receiver must understand these; the two of negotiation and time-out it may overlook.
    const bool mandatory = name == "ID" || name == "HoldRequests" || name == "UseCWMPVersion";
    if (name == "ID") {
      envelope_.id = std::string(text);
    } else if (name == "HoldRequests") {
      if (text != "0" && text != "1" && text != "true" && text != "false") irregular("HoldRequests is no boolean");
      envelope_.hold_requests = text == "1" || text == "true";
    } else if (name == "UseCWMPVersion") {
      envelope_.use_version = std::string(text);
    } else if (name == "SupportedCWMPVersions") {
      envelope_.supported_versions = std::string(text);
    } else if (name == "SessionTimeout") {
      envelope_.session_timeout = parse_number<std::uint32_t>(text);
      if (!envelope_.session_timeout) irregular("SessionTimeout is no number of seconds");
    } else {
      return false;
    }
    note_version(item);
    if (mandatory && !must_understand(item)) irregular(fmt::format("cwmp:{} without soap:mustUnderstand=\"1\"", name));
    return true;
  }

  Result<> read_body(XmlElement body) {
    const auto message = body.first_child();
    if (!message) return {};
    if (message->next()) irregular("more than one message in the SOAP Body");
    if (message->uri() == kSoapUri && message->name() == "Fault") {
      read_fault(*message);
      return {};
    }
    if (!note_version(*message)) {
      return fail(Cause::protocol,
                  fmt::format("{} in namespace '{}', which is none of CWMP's", message->name(), message->uri()));
    }
    ReadReport report{{}, &envelope_.irregularities};
    MessageReader reader(*message, report);
    if (!read_message(message->name(), reader, envelope_.body)) {
      envelope_.body = UnknownMethod{std::string(message->name())};
    } else if (!report.problem.empty()) {
      envelope_.body = InvalidMessage{std::string(message->name()), std::move(report.problem)};
    }
    return {};
  }

  // TR-069 3.5: <faultcode>, <faultstring>, <detail><cwmp:Fault>. A SOAP fault without the detail has code 0.
  void read_fault(XmlElement element) {
    auto& fault = envelope_.body.emplace<Fault>();
    ReadReport report{{}, &envelope_.irregularities};
    if (const auto code = element.child("faultcode")) {
      const auto name = code->trimmed();
      fault.soap_code = std::string(name.substr(name.rfind(':') + 1));
    }
    if (const auto text = element.child("faultstring")) fault.text = std::string(text->trimmed());
    const auto detail = element.child("detail");
    const auto cwmp_fault = detail ? detail->child("Fault") : std::nullopt;
    if (!cwmp_fault) return;
    if (!note_version(*cwmp_fault)) irregular("the detail's Fault is in no CWMP namespace");
    MessageReader in(*cwmp_fault, report);
    fault.code = static_cast<int>(in.unsigned_int("FaultCode"));
    if (in.has("FaultString")) fault.text = in.text("FaultString");
    in.repeated("SetParameterValuesFault", [&](MessageReader& item) {
      SetParameterValuesFault one{item.token("ParameterName"), static_cast<int>(item.unsigned_int("FaultCode")), {}};
      if (item.has("FaultString")) one.text = item.text("FaultString");
      fault.set_parameter_values_faults.push_back(std::move(one));
    });
    if (!report.problem.empty()) irregular(std::move(report.problem));
  }

  Envelope envelope_;
  std::optional<Version> version_;
};

void write_fault(XmlWriter& out, const Fault& fault) {
  out.open("soap-env:Fault");
  out.element("faultcode", fault.soap_code);
  out.element("faultstring", fault.code == 0 ? std::string_view(fault.text) : "CWMP fault");
  if (fault.code != 0) {
    out.open("detail");
    out.open("cwmp:Fault");
    out.element("FaultCode", fault.code);
    out.element("FaultString", fault.text);
    for (const auto& [parameter, code, text] : fault.set_parameter_values_faults) {
      out.open("SetParameterValuesFault");
      out.element("ParameterName", parameter);
      out.element("FaultCode", code);
      out.element("FaultString", text);
      out.close("SetParameterValuesFault");
    }
    out.close("cwmp:Fault");
    out.close("detail");
  }
  out.close("soap-env:Fault");
}

void write_header(XmlWriter& out, const Envelope& envelope) {
  constexpr std::string_view must_understand = " soap-env:mustUnderstand=\"1\"";
  constexpr std::string_view may_overlook = " soap-env:mustUnderstand=\"0\"";
  const bool any = envelope.id || envelope.hold_requests || envelope.session_timeout ||
                   !envelope.supported_versions.empty() || !envelope.use_version.empty();
  if (!any) return;
  out.open("soap-env:Header");
  if (envelope.id) out.element("cwmp:ID", *envelope.id, must_understand);
  if (envelope.hold_requests) out.element("cwmp:HoldRequests", *envelope.hold_requests ? "1" : "0", must_understand);
  if (envelope.session_timeout) {
    out.element("cwmp:SessionTimeout", fmt::to_string(*envelope.session_timeout), may_overlook);
  }
  if (!envelope.supported_versions.empty()) {
    out.element("cwmp:SupportedCWMPVersions", envelope.supported_versions, may_overlook);
  }
  if (!envelope.use_version.empty()) out.element("cwmp:UseCWMPVersion", envelope.use_version, must_understand);
  out.close("soap-env:Header");
}

void write_body(XmlWriter& out, const Body& body) {
  std::visit(
      [&]<class Message>(const Message& message) {
        if constexpr (Named<Message>) {
          const auto name = fmt::format("cwmp:{}", Message::kName);
          out.open(name);
          FieldWriter io(out);
          fields(io, message);
          out.close(name);
        } else if constexpr (std::is_same_v<Message, Fault>) {
          write_fault(out, message);
        } else if constexpr (!std::is_same_v<Message, std::monostate>) {
          out.empty(fmt::format("cwmp:{}", message.name));
        }
      },
      body);
}

}  // namespace

std::string_view namespace_uri(Version version) {
  switch (version) {
    case Version::v1_0:
      return "urn:dslforum-org:cwmp-1-0";
    case Version::v1_1:
      return "urn:dslforum-org:cwmp-1-1";
    case Version::v1_2:
    case Version::v1_3:
    case Version::v1_4:
      break;
  }
  return "urn:dslforum-org:cwmp-1-2";
}

std::string_view message_name(const Body& body) {
  return std::visit(
      []<class Message>(const Message& message) -> std::string_view {
        if constexpr (Named<Message>) {
          return Message::kName;
        } else if constexpr (std::is_same_v<Message, Fault>) {
          return "Fault";
        } else if constexpr (std::is_same_v<Message, std::monostate>) {
          return {};
        } else {
          return message.name;
        }
      },
      body);
}

Result<Envelope> decode(std::string_view xml, const XmlLimits& limits) {
  // Some senders begin with a blank line, which XML 1.0 2.8 does not allow before the declaration.
  xml.remove_prefix(std::min(xml.find_first_not_of(" \t\r\n"), xml.size()));
  auto document = XmlDocument::parse(xml, limits);
  if (!document) return tl::unexpected(std::move(document).error());
  return EnvelopeReader().read(document->root());
}

std::string encode(const Envelope& envelope) {
  std::string xml;
  xml.reserve(4096);  // most messages
  XmlWriter out(xml);
  xml += R"(<?xml version="1.0" encoding="UTF-8"?>)";
  out.open("soap-env:Envelope",
           fmt::format(R"( xmlns:soap-env="{}" xmlns:soap-enc="{}" xmlns:xsd="http://www.w3.org/2001/XMLSchema")"
                       R"( xmlns:xsi="{}" xmlns:cwmp="{}")",
                       kSoapUri, kSoapEncodingUri, kSchemaInstanceUri, namespace_uri(envelope.version)));
  write_header(out, envelope);
  out.open("soap-env:Body");
  write_body(out, envelope.body);
  out.close("soap-env:Body");
  out.close("soap-env:Envelope");
  return xml;
}

}  // namespace hnbemu::cwmp
