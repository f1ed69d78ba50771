#include "doubles/cwmp_schema.h"

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "cwmp/codec.h"

namespace hnbemu::test {

namespace {

// The two schemas that CWMP's import are replaced by these: no more of SOAP 1.1 than CWMP uses, and stricter where CWMP
// leaves no choice: every element of Header, Body and detail must be declared.
constexpr std::string_view kEnvelopeSchema = R"(<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://schemas.xmlsoap.org/soap/envelope/"
           targetNamespace="http://schemas.xmlsoap.org/soap/envelope/">
  <xs:attribute name="mustUnderstand">
    <xs:simpleType><xs:restriction base="xs:boolean"><xs:pattern value="0|1"/></xs:restriction></xs:simpleType>
  </xs:attribute>
  <xs:attribute name="encodingStyle" type="xs:anyURI"/>
  <xs:complexType name="Anything">
    <xs:sequence><xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded" processContents="strict"/></xs:sequence>
  </xs:complexType>
  <xs:element name="Header" type="tns:Anything"/>
  <xs:element name="Body" type="tns:Anything"/>
  <xs:element name="Envelope">
    <xs:complexType>
      <xs:sequence><xs:element ref="tns:Header" minOccurs="0"/><xs:element ref="tns:Body"/></xs:sequence>
      <xs:attribute ref="tns:encodingStyle"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="Fault">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="faultcode" type="xs:QName"/>
        <xs:element name="faultstring" type="xs:string"/>
        <xs:element name="faultactor" type="xs:anyURI" minOccurs="0"/>
        <xs:element name="detail" type="tns:Anything" minOccurs="0"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>)";

constexpr std::string_view kEncodingSchema = R"(<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://schemas.xmlsoap.org/soap/encoding/"
           targetNamespace="http://schemas.xmlsoap.org/soap/encoding/">
  <xs:attribute name="arrayType">
    <xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="\S+:\S+\[\d+\]"/></xs:restriction></xs:simpleType>
  </xs:attribute>
  <xs:complexType name="Array">
    <xs:sequence><xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded" processContents="lax"/></xs:sequence>
    <xs:attribute ref="tns:arrayType"/>
  </xs:complexType>
  <xs:simpleType name="base64"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
</xs:schema>)";

std::filesystem::path schema_folder() {
  const char* shared = std::getenv("HNBEMU_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : HNBEMU_SOURCE_DIR "/../shared") / "datamodels";
}

// libxml2 cannot read cwmp-1-4.xsd, which redefines what it includes: this is what it adds for a device.
constexpr std::string_view kVersion14Schema = R"(<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
           targetNamespace="urn:dslforum-org:cwmp-1-2">
  <xs:import namespace="http://schemas.xmlsoap.org/soap/envelope/"
             schemaLocation="http://schemas.xmlsoap.org/soap/envelope/"/>
  <xs:include schemaLocation="http://www.broadband-forum.org/cwmp/cwmp-1-3.xsd"/>
  <xs:complexType name="Versions">
    <xs:simpleContent>
      <xs:extension base="xs:string"><xs:attribute ref="soapenv:mustUnderstand"/></xs:extension>
    </xs:simpleContent>
  </xs:complexType>
  <xs:element name="SupportedCWMPVersions" type="tns:Versions" xmlns:tns="urn:dslforum-org:cwmp-1-2"/>
  <xs:element name="UseCWMPVersion" type="tns:Versions" xmlns:tns="urn:dslforum-org:cwmp-1-2"/>
</xs:schema>)";
constexpr std::string_view kVersion14 = "urn:hnbemu:cwmp-1-4.xsd";

// What a version's schema includes is beside it.
std::string_view beside(std::string_view location) {
  static std::map<std::string, std::string, std::less<>> files;
  constexpr std::string_view site = "http://www.broadband-forum.org/cwmp/";
  if (!location.starts_with(site)) return {};
  const std::string name(location.substr(site.size()));
  auto& text = files[name];
  if (text.empty()) {
    std::stringstream content;
    content << std::ifstream(schema_folder() / name).rdbuf();
    text = content.str();
  }
  return text;
}

std::string_view stand_in(std::string_view location) {
  if (location == kVersion14) return kVersion14Schema;
  if (const auto file = beside(location); !file.empty()) return file;
  if (location == "http://schemas.xmlsoap.org/soap/envelope/") return kEnvelopeSchema;
  if (location == "http://schemas.xmlsoap.org/soap/encoding/") return kEncodingSchema;
  return {};
}

// libxml2 asks these for every address that it would otherwise fetch.
void register_stand_ins() {
  xmlInitParser();  // its own callbacks come first, files among them
  static const int once =
      xmlRegisterInputCallbacks([](const char* location) -> int { return !stand_in(location).empty(); },
                                [](const char* location) -> void* { return new std::string_view(stand_in(location)); },
                                [](void* context, char* buffer, int size) -> int {
                                  auto& rest = *static_cast<std::string_view*>(context);
                                  const auto taken = std::min(rest.size(), static_cast<std::size_t>(size));
                                  std::memcpy(buffer, rest.data(), taken);
                                  rest.remove_prefix(taken);
                                  return static_cast<int>(taken);
                                },
                                [](void* context) -> int {
                                  delete static_cast<std::string_view*>(context);
                                  return 0;
                                });
  (void)once;
}

void collect(void* errors, xmlErrorPtr error) {
  *static_cast<std::string*>(errors) += fmt::format("line {}: {}", error->line, error->message);
}

using Schema = std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)>;

// One schema document that brings the envelope and CWMP together.
Schema load(cwmp::Version version, std::string& errors) {
  register_stand_ins();
  const auto uri = cwmp::namespace_uri(version);
  const auto file = (schema_folder() / fmt::format("cwmp-1-{}.xsd", static_cast<int>(version))).string();
  const auto root = fmt::format(
      R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
           <xs:import namespace="http://schemas.xmlsoap.org/soap/envelope/"
                      schemaLocation="http://schemas.xmlsoap.org/soap/envelope/"/>
           <xs:import namespace="{}" schemaLocation="{}"/>
         </xs:schema>)",
      uri, version == cwmp::Version::v1_4 ? std::string(kVersion14) : file);
  const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
      xmlSchemaNewMemParserCtxt(root.data(), static_cast<int>(root.size())), &xmlSchemaFreeParserCtxt);
  xmlSchemaSetParserStructuredErrors(
      parser.get(), [](void* context, xmlErrorPtr error) { collect(context, error); }, &errors);
  return {xmlSchemaParse(parser.get()), &xmlSchemaFree};
}

}  // namespace

std::string cwmp_schemas_missing() {
  const auto folder = schema_folder();
  if (std::filesystem::exists(folder / "cwmp-1-0.xsd")) return {};
  return fmt::format("no CWMP schemas in {}; set HNBEMU_SHARED", folder.string());
}

std::string cwmp_schema_errors(cwmp::Version version, std::string_view xml) {
  static std::map<cwmp::Version, Schema> schemas;
  std::string errors;
  auto schema = schemas.find(version);
  if (schema == schemas.end()) {
    auto loaded = load(version, errors);
    if (!loaded || !errors.empty()) return fmt::format("the schema cannot be used:\n{}", errors);
    schema = schemas.emplace(version, std::move(loaded)).first;
  }
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "envelope.xml", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_HUGE),
      &xmlFreeDoc);
  if (!document) return "not well-formed";
  const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> validator(
      xmlSchemaNewValidCtxt(schema->second.get()), &xmlSchemaFreeValidCtxt);
  xmlSchemaSetValidStructuredErrors(
      validator.get(), [](void* context, xmlErrorPtr error) { collect(context, error); }, &errors);
  if (xmlSchemaValidateDoc(validator.get(), document.get()) != 0 && errors.empty()) errors = "not valid";
  return errors;
}

}  // namespace hnbemu::test
