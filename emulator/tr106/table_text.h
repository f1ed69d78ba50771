#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hnbemu::tr106 {

// A text as one word of a table: bare, or in '…' as it is, or in "…" with \\ \" \n \r \t \xHH.
std::string quoted(std::string_view text);
// In "…", whatever it is.
std::string escaped(std::string_view text);
// " word(a 'b c')", or nothing without texts.
std::string group_of(std::string_view word, const std::vector<std::string>& texts);

// Reads one line of a table from left to right. The first mistake stays, with its column (bytes, from 1); behind it
// everything reads as empty.
class LineCursor {
 public:
  explicit LineCursor(std::string_view line, std::size_t column = 1) : line_(line), first_column_(column) {}

  bool failed() const { return !mistake_.empty(); }
  const std::string& mistake() const { return mistake_; }
  std::size_t column() const { return first_column_ + mark_; }  // of the mistake
  // A mistake at what was read last.
  void fail_with(std::string what);

  bool at_end();                     // nothing but spaces is left
  char next() const;                 // the very next character; '\0' at the end
  bool skip(char c);                 // if it is next
  std::string_view word();           // up to a space, a bracket, a brace or a quotation mark
  std::string_view token();          // up to a space
  std::string_view until(char end);  // up to `end`, which is skipped; a mistake if it does not come
  std::string_view rest();           // all that is left
  // What stands between `open` and `close` right here; nothing if `open` does not.
  std::optional<std::string_view> group(char open, char close);
  std::string text();                // a word as quoted() writes it
  std::vector<std::string> texts();  // those in the round brackets that must stand right here

 private:
  std::string_view take(std::string_view ends);
  void skip_spaces();
  std::string bare();
  std::string raw();
  std::string unescaped();
  char escape();

  std::string_view line_;
  std::size_t first_column_;
  std::size_t at_ = 0;
  std::size_t mark_ = 0;  // where the last thing read begins
  std::string mistake_;
};

}  // namespace hnbemu::tr106
