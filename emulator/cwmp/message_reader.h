#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cwmp/xml_document.h"

namespace hnbemu::cwmp {

inline constexpr std::string_view kSoapEncodingUri = "http://schemas.xmlsoap.org/soap/encoding/";
inline constexpr std::string_view kSchemaInstanceUri = "http://www.w3.org/2001/XMLSchema-instance";

// What is wrong with the message being read.
struct ReadReport {
  std::string problem;                       // the first that makes the message invalid
  std::vector<std::string>* irregularities;  // tolerated ones
  void irregular(std::string text);
};

// Reads the arguments of one struct; elements are found by local name, in any order.
class MessageReader {
 public:
  MessageReader(XmlElement element, ReadReport& report) : element_(element), report_(report) {}

  std::string text(std::string_view name);   // as sent
  std::string token(std::string_view name);  // white space trimmed; names and keys
  bool boolean(std::string_view name);
  std::uint32_t unsigned_int(std::string_view name);
  std::int32_t integer(std::string_view name);
  bool has(std::string_view name) const { return element_.child(name).has_value(); }
  std::string xsi_type(std::string_view name);  // of that child; "xsd:" stands for the sender's prefix
  MessageReader structure(std::string_view name);
  std::string own_type() const;       // xsi:type of the struct itself, without a prefix; "" if it has none
  void invalid(std::string problem);  // the message is

  // The members of a SOAP array; `each(MessageReader&)` for structs, `each(XmlElement)` for strings.
  template <class Each>
  void structs(std::string_view name, Each each) {
    for (auto item = array(name); item; item = item->next()) {
      MessageReader member(*item, report_);
      each(member);
    }
  }
  // Members that repeat in a row without an array around them.
  template <class Each>
  void repeated(std::string_view name, Each each) {
    for (auto item = element_.child(name); item; item = item->next()) {
      if (item->name() != name) continue;
      MessageReader member(*item, report_);
      each(member);
    }
  }
  std::vector<std::string> strings(std::string_view name);

 private:
  template <class Number>
  Number number(std::string_view name, std::string_view kind);
  std::optional<XmlElement> required(std::string_view name);
  std::optional<XmlElement> array(std::string_view name);  // its first member

  XmlElement element_;
  ReadReport& report_;
};

}  // namespace hnbemu::cwmp
