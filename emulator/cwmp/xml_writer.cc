#include "cwmp/xml_writer.h"

#include <fmt/format.h>

#include "base/xml_text.h"

namespace hnbemu::cwmp {

void XmlWriter::open(std::string_view name, std::string_view attributes) {
  out_ += '<';
  out_ += name;
  out_ += attributes;
  out_ += '>';
}

void XmlWriter::close(std::string_view name) {
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void XmlWriter::empty(std::string_view name) {
  out_ += '<';
  out_ += name;
  out_ += "/>";
}

void XmlWriter::element(std::string_view name, std::string_view value, std::string_view attributes) {
  open(name, attributes);
  append_xml(out_, value);
  close(name);
}

void XmlWriter::open_array(std::string_view name, std::string_view type, std::size_t size) {
  open(name, fmt::format(" soap-enc:arrayType=\"{}[{}]\"", type, size));
}

}  // namespace hnbemu::cwmp
