#include "datamodel/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace hnbemu::datamodel {
namespace {

constexpr std::int64_t kMaxExpressionMemory = 1 << 20;
constexpr std::string_view kEscapable = "\\|.?*+(){}-[]^$";

// XML Schema Part 2, appendix F, into RE2's syntax. There "^" and "$" stand for themselves, "." ends at a line's end,
// and "\d", "\w", "\i" and "\c" are of Unicode.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : rest_(pattern) {}

  const std::string& mistake() const { return mistake_; }
  std::string translate() {
    while (!rest_.empty() && mistake_.empty()) {
      const char c = take();
      if (c == '\\') {
        escape(false);
      } else if (c == '[') {
        character_class();
      } else if (c == '^' || c == '$') {
        out_ += {'\\', c};
      } else if (c == '.') {
        out_ += "[^\\n\\r]";
      } else if (c == '(' && rest_.starts_with('?')) {
        mistake_ = "'(?' is not of XML Schema";
      } else {
        out_ += c;
      }
    }
    return out_;
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void character_class() {
    out_ += '[';
    if (rest_.starts_with('^')) out_ += take();
    if (rest_.starts_with(']')) mistake_ = "an empty character class";
    while (mistake_.empty()) {
      if (rest_.empty()) {
        mistake_ = "'[' without ']'";
        return;
      }
      const char c = take();
      if (c == '[') {
        mistake_ = out_.back() == '-' ? "class subtraction is not supported" : "'[' inside a character class";
      } else if (c == '\\') {
        escape(true);
      } else {
        out_ += c;
        if (c == ']') return;
      }
    }
  }

  void escape(bool inside) {
    if (rest_.empty()) {
      mistake_ = "'\\' at the end";
      return;
    }
    const char c = take();
    if (kEscapable.find(c) != std::string_view::npos || std::string_view("nrtsS").find(c) != std::string_view::npos) {
      out_ += {'\\', c};
    } else if (c == 'd' || c == 'D') {
      out_ += c == 'd' ? "\\p{Nd}" : "\\P{Nd}";
    } else if (c == 'w' || c == 'W') {
      set(c == 'w' ? "\\p{L}\\p{M}\\p{N}\\p{S}" : "\\p{P}\\p{Z}\\p{C}", false, inside);
    } else if (c == 'i' || c == 'I') {
      set("\\p{L}_:", c == 'I', inside);
    } else if (c == 'c' || c == 'C') {
      set("\\p{L}\\p{M}\\p{Nd}_:.\\-", c == 'C', inside);
    } else if (c == 'p' || c == 'P') {
      if (rest_.starts_with("{Is")) mistake_ = "Unicode blocks are not supported";
      out_ += {'\\', c};
    } else {
      mistake_ = fmt::format("'\\{}' is no escape of XML Schema", c);
    }
  }

  void set(std::string_view members, bool negated, bool inside) {
    if (inside && negated) mistake_ = "a negated name class inside a character class is not supported";
    out_ += inside ? std::string(members) : fmt::format("[{}{}]", negated ? "^" : "", members);
  }

  std::string_view rest_;
  std::string out_;
  std::string mistake_;
};

}  // namespace

void Pattern::compile(std::string_view text) {
  if (text.size() > kMaxPatternBytes) {
    error_ = fmt::format("longer than {} bytes", kMaxPatternBytes);
    return;
  }
  text_ = text;
  Translator translator(text);
  const std::string expression = translator.translate();
  error_ = translator.mistake();
  if (!error_.empty()) return;
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kMaxExpressionMemory);
  options.set_never_capture(true);
  auto compiled = std::make_shared<const re2::RE2>(expression, options);
  if (compiled->ok()) {
    expression_ = std::move(compiled);
  } else {
    error_ = compiled->error();
  }
}

bool Pattern::matches(std::string_view value) const {
  return expression_ && value.size() <= kMaxMatchedBytes &&
         re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *expression_);
}

}  // namespace hnbemu::datamodel
