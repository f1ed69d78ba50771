#include "tr106/table_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"

namespace hnbemu::tr106 {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

constexpr std::string_view kNotBare = " ()'\"";

}  // namespace

std::string quoted(std::string_view text) {
  if (has_control(text) || text.find('\'') != std::string_view::npos) return escaped(text);
  if (text.empty() || text.find_first_of(kNotBare) != std::string_view::npos) return fmt::format("'{}'", text);
  return std::string(text);
}

std::string escaped(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (is_control(c)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string group_of(std::string_view word, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::string inside;
  for (const auto& text : texts) inside += (inside.empty() ? "" : " ") + quoted(text);
  return fmt::format(" {}({})", word, inside);
}

void LineCursor::fail_with(std::string what) {
  if (!failed()) mistake_ = std::move(what);
  line_ = line_.substr(0, mark_);
  at_ = mark_;
}

void LineCursor::skip_spaces() {
  at_ = std::min(line_.find_first_not_of(' ', at_), line_.size());
  if (!failed()) mark_ = at_;
}

bool LineCursor::at_end() {
  skip_spaces();
  return at_ == line_.size();
}

char LineCursor::next() const {
  return at_ < line_.size() ? line_[at_] : '\0';
}

bool LineCursor::skip(char c) {
  if (next() != c) return false;
  ++at_;
  return true;
}

std::string_view LineCursor::take(std::string_view ends) {
  skip_spaces();
  const auto end = std::min(line_.find_first_of(ends, at_), line_.size());
  const auto taken = line_.substr(at_, end - at_);
  at_ = end;
  return taken;
}

std::string_view LineCursor::word() {
  return take(" ([{\"");
}

std::string_view LineCursor::token() {
  return take(" ");
}

std::string_view LineCursor::until(char end) {
  skip_spaces();
  const auto found = line_.find(end, at_);
  if (found == std::string_view::npos) {
    fail_with(fmt::format("'{}' is missing", end));
    return {};
  }
  const auto text = line_.substr(at_, found - at_);
  at_ = found + 1;
  return text;
}

std::string_view LineCursor::rest() {
  const auto rest = line_.substr(at_);
  at_ = line_.size();
  return rest;
}

std::optional<std::string_view> LineCursor::group(char open, char close) {
  if (next() != open) return std::nullopt;
  mark_ = at_;
  const auto end = line_.find(close, at_);
  if (end == std::string_view::npos) {
    fail_with(fmt::format("'{}' without '{}'", open, close));
    return std::nullopt;
  }
  const auto inside = line_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return inside;
}

std::string LineCursor::text() {
  skip_spaces();
  if (next() == '\'') return raw();
  if (next() == '"') return unescaped();
  return bare();
}

std::string LineCursor::bare() {
  const auto end = std::min(line_.find_first_of(kNotBare, at_), line_.size());
  const std::string text(line_.substr(at_, end - at_));
  if (text.empty()) fail_with("a text is missing; an empty one is ''");
  at_ = std::min(end, line_.size());
  return text;
}

std::string LineCursor::raw() {
  ++at_;
  const auto end = line_.find('\'', at_);
  if (end == std::string_view::npos) {
    fail_with("a quotation mark without its pair");
    return {};
  }
  const std::string text(line_.substr(at_, end - at_));
  at_ = end + 1;
  return text;
}

char LineCursor::escape() {
  const char c = next();
  if (c != '\0') ++at_;
  if (c == 'n') return '\n';
  if (c == 'r') return '\r';
  if (c == 't') return '\t';
  if (c == '"' || c == '\\') return c;
  const auto digits = line_.substr(at_, 2);
  const auto code = parse_number<unsigned>(digits, 16);
  if (c == 'x' && digits.size() == 2 && code) {
    at_ += 2;
    return static_cast<char>(*code);
  }
  fail_with("an escape that is none; there are \\\\ \\\" \\n \\r \\t \\xHH");
  return '\0';
}

std::string LineCursor::unescaped() {
  ++at_;
  std::string text;
  while (!failed()) {
    const char c = next();
    if (at_ == line_.size()) {
      fail_with("a quotation mark without its pair");
      break;
    }
    ++at_;
    if (c == '"') break;
    text += c == '\\' ? escape() : c;
  }
  return text;
}

std::vector<std::string> LineCursor::texts() {
  std::vector<std::string> texts;
  if (!skip('(')) fail_with("'(' is missing behind it");
  while (!failed()) {
    const bool nothing_left = at_end();
    if (skip(')')) break;
    if (nothing_left) {
      fail_with("'(' without ')'");
      break;
    }
    texts.push_back(text());
  }
  return texts;
}

}  // namespace hnbemu::tr106
