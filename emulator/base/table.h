#pragma once

#include <string>
#include <vector>

namespace hnbemu {

// Text in columns, for people. Cells are UTF-8 without control characters; the last column is not padded.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string to_string() const;  // each line ends with a newline

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace hnbemu
