#include "cwmp/xml_writer.h"

#include <fmt/format.h>

#include <array>

namespace hnbemu::cwmp {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// What XML 1.0 2.2 and 2.4 do not let stand; an empty view: the character stands for itself. A carriage return would
// come back as a line feed (2.11).
constexpr std::string_view escape(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\r':
      return "&#13;";
    case '\t':
    case '\n':
      return {};
    default:
      return static_cast<unsigned char>(c) < 0x20 ? kReplacement : std::string_view{};
  }
}

// Which bytes have an escape: texts are long, and few of their characters have.
constexpr auto kEscaped = [] {
  std::array<bool, 256> escaped{};
  for (int c = 0; c < 256; ++c) escaped[static_cast<std::size_t>(c)] = !escape(static_cast<char>(c)).empty();
  return escaped;
}();

}  // namespace

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
  text(value);
  close(name);
}

void XmlWriter::open_array(std::string_view name, std::string_view type, std::size_t size) {
  open(name, fmt::format(" soap-enc:arrayType=\"{}[{}]\"", type, size));
}

void XmlWriter::text(std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!kEscaped[static_cast<unsigned char>(text[i])]) continue;
    out_ += text.substr(plain, i - plain);
    out_ += escape(text[i]);
    plain = i + 1;
  }
  out_ += text.substr(plain);
}

}  // namespace hnbemu::cwmp
