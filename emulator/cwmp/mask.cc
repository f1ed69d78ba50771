#include "cwmp/mask.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hnbemu::cwmp {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::array<std::string_view, 7> kSecretEndings{"password",   "presharedkey", "secret", "passphrase",
                                                         "privatekey", "wepkey",       "psk"};

bool is_secret(std::string_view name) {
  while (!name.empty() && std::isspace(static_cast<unsigned char>(name.back()))) name.remove_suffix(1);
  return std::any_of(kSecretEndings.begin(), kSecretEndings.end(), [&](std::string_view ending) {
    if (name.size() < ending.size()) return false;
    const auto tail = name.substr(name.size() - ending.size());
    return std::equal(tail.begin(), tail.end(), ending.begin(),
                      [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  });
}

// "cwmp:Value xsi:type=…" -> "Value"
std::string_view local_name(std::string_view tag) {
  tag = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
  const auto colon = tag.find(':');
  return colon == std::string_view::npos ? tag : tag.substr(colon + 1);
}

struct Token {
  enum class Kind { text, open, close, other };  // other: an empty element, a comment, an instruction
  Kind kind = Kind::text;
  std::string_view raw;
  std::string_view content{};  // a text's characters, a tag's local name
};

// The length of a tag: to the '>' outside of quotes. What meets another '<' or the end first is no tag: 0.
std::size_t tag_size(std::string_view soap) {
  char quote = 0;
  for (std::size_t i = 1; i < soap.size() && soap[i] != '<'; ++i) {
    const char c = soap[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      return i + 1;
    } else if (c == '"' || c == '\'') {
      quote = c;
    }
  }
  return 0;
}

// Up to and with `end`, or all that there is.
Token section(std::string_view soap, Token::Kind kind, std::string_view begin, std::string_view end) {
  const auto found = soap.find(end, begin.size());
  const auto inner = soap.substr(begin.size(), found == std::string_view::npos ? found : found - begin.size());
  return {kind, soap.substr(0, begin.size() + inner.size() + end.size()), inner};
}

Token next_token(std::string_view soap) {
  constexpr std::string_view kComment = "<!--";
  constexpr std::string_view kCharacters = "<![CDATA[";
  if (soap.starts_with(kComment)) return section(soap, Token::Kind::other, kComment, "-->");
  if (soap.starts_with(kCharacters)) return section(soap, Token::Kind::text, kCharacters, "]]>");
  if (const auto size = soap.front() == '<' ? tag_size(soap) : 0; size > 2) {
    const auto raw = soap.substr(0, size);
    if (raw[1] == '/') return {Token::Kind::close, raw, local_name(raw.substr(2))};
    const bool opens = raw[1] != '?' && raw[1] != '!' && raw[size - 2] != '/';
    return {opens ? Token::Kind::open : Token::Kind::other, raw, local_name(raw.substr(1))};
  }
  const auto text = soap.substr(0, soap.find('<', 1));
  return {Token::Kind::text, text, text};
}

}  // namespace

std::string mask_secrets(std::string_view soap) {
  std::string out;
  out.reserve(soap.size());
  std::string name;          // the text of the latest <Name>
  bool in_name = false;      // its end has not come
  std::string_view hidden;   // the secret element that is open
  std::size_t depth = 0;     // of elements of its name
  bool has_content = false;  // the secret is not empty
  while (!soap.empty()) {
    const auto token = next_token(soap);
    soap.remove_prefix(token.raw.size());
    if (depth > 0) {
      if (token.kind == Token::Kind::open && token.content == hidden) ++depth;
      if (token.kind == Token::Kind::close && token.content == hidden) --depth;
      has_content = has_content || depth > 0;
      if (depth > 0) continue;
      out += has_content ? kMask : std::string_view{};
    }
    out += token.raw;
    if (token.kind == Token::Kind::text && in_name) name += token.content;
    if (token.kind == Token::Kind::close) in_name = false;
    if (token.kind != Token::Kind::open) continue;
    in_name = token.content == "Name";
    if (in_name) name.clear();
    if (in_name || !is_secret(token.content == "Value" ? std::string_view(name) : token.content)) continue;
    hidden = token.content;
    depth = 1;
    has_content = false;
  }
  if (depth > 0 && has_content) out += kMask;
  return out;
}

}  // namespace hnbemu::cwmp
