#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace hnbemu::datamodel {

inline constexpr std::size_t kMaxPatternBytes = 1024;       // of the expression
inline constexpr std::size_t kMaxMatchedBytes = 64u << 10;  // of a value: a longer one matches no pattern

// TR-106 A.2.3.3 `pattern`: an XML Schema regular expression, which a whole value matches. Compiled once; copies share
// it, and any thread may match. Takes time linear in the value. RE2 lacks class subtraction ("[a-z-[aeiou]]"), Unicode
// blocks ("\p{IsGreek}") and repetition beyond 1000: such a pattern has an error, and matches nothing.
class Pattern {
 public:
  // Implicit: a list of patterns reads as a list of texts.
  template <std::convertible_to<std::string_view> Text>
  Pattern(const Text& text) {  // NOLINT(google-explicit-constructor)
    compile(text);
  }

  const std::string& text() const { return text_; }
  const std::string& error() const { return error_; }  // "" if there is none
  bool matches(std::string_view value) const;
  bool operator==(const Pattern& other) const { return text_ == other.text_; }

 private:
  void compile(std::string_view text);

  std::string text_;
  std::string error_;
  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace hnbemu::datamodel
