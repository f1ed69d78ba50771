#include "base/xml_text.h"

#include <array>

namespace hnbemu {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// An empty view: the character stands for itself.
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
      return "&#9;";
    case '\n':
      return "&#10;";
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

void append_xml(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!kEscaped[static_cast<unsigned char>(text[i])]) continue;
    out += text.substr(plain, i - plain);
    out += escape(text[i]);
    plain = i + 1;
  }
  out += text.substr(plain);
}

std::string to_xml_text(std::string_view text) {
  std::string out;
  append_xml(out, text);
  return out;
}

}  // namespace hnbemu
