#include "doubles/pm_schema.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <cstdarg>
#include <memory>

namespace hnbemu::test {
namespace {

constexpr std::string_view kTs32435 = R"xsd(<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:mc="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec"
           targetNamespace="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec" elementFormDefault="qualified">
  <xs:simpleType name="Value"><xs:restriction base="xs:string"><xs:pattern value="NIL|[0-9]+(\.[0-9]+)?"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Time"><xs:restriction base="xs:dateTime"><xs:pattern value=".*(Z|[+\-][0-9]{2}:[0-9]{2})"/></xs:restriction></xs:simpleType>
  <xs:element name="measCollecFile">
    <xs:complexType><xs:sequence>
      <xs:element name="fileHeader">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="fileSender">
              <xs:complexType><xs:attribute name="localDn"/><xs:attribute name="elementType"/></xs:complexType>
            </xs:element>
            <xs:element name="measCollec">
              <xs:complexType><xs:attribute name="beginTime" type="mc:Time" use="required"/></xs:complexType>
            </xs:element>
          </xs:sequence>
          <xs:attribute name="fileFormatVersion" fixed="32.435 V10.0" use="required"/>
          <xs:attribute name="vendorName"/><xs:attribute name="dnPrefix"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="measData" maxOccurs="unbounded">
        <xs:complexType><xs:sequence>
          <xs:element name="managedElement">
            <xs:complexType>
              <xs:attribute name="localDn"/><xs:attribute name="userLabel"/><xs:attribute name="swVersion"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="measInfo" type="mc:Info" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="fileFooter">
        <xs:complexType><xs:sequence>
          <xs:element name="measCollec">
            <xs:complexType><xs:attribute name="endTime" type="mc:Time" use="required"/></xs:complexType>
          </xs:element>
        </xs:sequence></xs:complexType>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Info">
    <xs:sequence>
      <xs:element name="job"><xs:complexType><xs:attribute name="jobId" use="required"/></xs:complexType></xs:element>
      <xs:element name="granPeriod">
        <xs:complexType>
          <xs:attribute name="duration" type="xs:duration" use="required"/>
          <xs:attribute name="endTime" type="mc:Time" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="repPeriod">
        <xs:complexType><xs:attribute name="duration" type="xs:duration" use="required"/></xs:complexType>
      </xs:element>
      <xs:element name="measType" maxOccurs="unbounded">
        <xs:complexType><xs:simpleContent><xs:extension base="xs:NMTOKEN">
          <xs:attribute name="p" type="xs:positiveInteger" use="required"/>
        </xs:extension></xs:simpleContent></xs:complexType>
      </xs:element>
      <xs:element name="measValue" maxOccurs="unbounded">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="r" maxOccurs="unbounded">
              <xs:complexType><xs:simpleContent><xs:extension base="mc:Value">
                <xs:attribute name="p" type="xs:positiveInteger" use="required"/>
              </xs:extension></xs:simpleContent></xs:complexType>
            </xs:element>
            <xs:element name="suspect" type="xs:boolean" minOccurs="0"/>
          </xs:sequence>
          <xs:attribute name="measObjLdn" use="required"/>
        </xs:complexType>
        <xs:key name="result"><xs:selector xpath="mc:r"/><xs:field xpath="@p"/></xs:key>
      </xs:element>
    </xs:sequence>
    <xs:attribute name="measInfoId" use="required"/>
  </xs:complexType>
</xs:schema>)xsd";

constexpr std::string_view kCmcc = R"xsd(<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="PmFile">
    <xs:complexType><xs:sequence>
      <xs:element name="FileHeader">
        <xs:complexType><xs:sequence>
          <xs:element name="InfoModelReferenced" type="xs:string"/><xs:element name="DnPrefix" type="xs:string"/>
          <xs:element name="SenderName" type="xs:string"/><xs:element name="VendorName" type="xs:string"/>
          <xs:element name="JobId" type="xs:string"/><xs:element name="BeginTime" type="xs:dateTime"/>
          <xs:element name="EndTime" type="xs:dateTime"/>
        </xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="Measurements" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType><xs:sequence>
          <xs:element name="ObjectType" type="xs:string"/>
          <xs:element name="PmName">
            <xs:complexType><xs:sequence>
              <xs:element name="N" maxOccurs="unbounded">
                <xs:complexType><xs:simpleContent><xs:extension base="xs:NMTOKEN">
                  <xs:attribute name="i" type="xs:positiveInteger" use="required"/>
                </xs:extension></xs:simpleContent></xs:complexType>
              </xs:element>
            </xs:sequence></xs:complexType>
          </xs:element>
          <xs:element name="PmData">
            <xs:complexType><xs:sequence>
              <xs:element name="Pm" maxOccurs="unbounded">
                <xs:complexType>
                  <xs:choice maxOccurs="unbounded">
                    <xs:element name="V">
                      <xs:complexType><xs:simpleContent><xs:extension base="xs:string">
                        <xs:attribute name="i" type="xs:positiveInteger" use="required"/>
                      </xs:extension></xs:simpleContent></xs:complexType>
                    </xs:element>
                    <xs:element name="CV">
                      <xs:complexType>
                        <xs:sequence maxOccurs="unbounded">
                          <xs:element name="SN" type="xs:NMTOKEN"/><xs:element name="SV" type="xs:string"/>
                        </xs:sequence>
                        <xs:attribute name="i" type="xs:positiveInteger" use="required"/>
                      </xs:complexType>
                    </xs:element>
                  </xs:choice>
                  <xs:attribute name="Dn" use="required"/><xs:attribute name="UserLabel" use="required"/>
                </xs:complexType>
              </xs:element>
            </xs:sequence></xs:complexType>
          </xs:element>
        </xs:sequence></xs:complexType>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
</xs:schema>)xsd";

void collect(void* list, const char* format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  *static_cast<std::string*>(list) += line;
}

}  // namespace

std::string measurement_file_errors(std::string_view xml, bool cmcc) {
  const auto text = cmcc ? kCmcc : kTs32435;
  std::string errors;
  const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())), xmlSchemaFreeParserCtxt);
  xmlSchemaSetParserErrors(parser.get(), collect, collect, &errors);
  const std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema(xmlSchemaParse(parser.get()), xmlSchemaFree);
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "file", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
      xmlFreeDoc);
  if (!schema) return errors + "the schema is wrong";
  if (!document) return "not well-formed";
  const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context(
      xmlSchemaNewValidCtxt(schema.get()), xmlSchemaFreeValidCtxt);
  xmlSchemaSetValidErrors(context.get(), collect, collect, &errors);
  if (xmlSchemaValidateDoc(context.get(), document.get()) != 0 && errors.empty()) errors = "invalid";
  return errors;
}

}  // namespace hnbemu::test
