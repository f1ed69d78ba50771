#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// YAML files as a plain tree in which everything knows its place, so that each error reads `file:line:column: what`.
namespace hnbemu::config::yaml {

inline constexpr std::size_t kMaxFileBytes = 16u << 20;
inline constexpr std::size_t kMaxNodes = 1'000'000;  // aliases count with all that they stand for
inline constexpr std::size_t kMaxDepth = 64;
inline constexpr std::size_t kMaxProblems = 100;

struct Node;
using NodePtr = std::shared_ptr<const Node>;  // shared by aliases

struct Node {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  bool plain = false;  // a scalar without quotes: it may be a number, a boolean or text
  int line = 0;        // from 1
  int column = 0;      // from 1
  std::size_t size = 1;
  std::shared_ptr<const std::string> file;           // that it stands in, or what errors call it
  std::string text;                                  // of a scalar
  std::vector<NodePtr> items;                        // of a sequence
  std::vector<std::pair<NodePtr, NodePtr>> entries;  // of a map, in the file's order; keys are scalars and differ
};

// The one document of a file, or of `text` with `name` standing for the file in errors.
Result<NodePtr> load(const std::string& file);
Result<NodePtr> parse(std::string_view text, const std::string& name);

// What is wrong with a file, and with those that it builds on. Reading goes on after a mistake, so that a check can
// show all of them.
class Problems {
 public:
  void add(const Node& where, std::string_view what);
  bool empty() const { return list_.empty(); }
  const std::vector<std::string>& list() const { return list_; }
  static std::string place(const Node& where);  // file:line:column
  // All problems as one error, a line each, if there are any.
  Result<> result() const;

 private:
  std::vector<std::string> list_;  // at most kMaxProblems
};

struct IntegerRange {
  std::int64_t min = INT64_MIN;
  std::int64_t max = INT64_MAX;
};
struct NumberRange {
  double min;
  double max;
};

// Reads one map. Each getter names a key that the map may have; finish() reports every other key. A getter reports a
// missing required key or a wrong type or range, and then returns the fallback.
class Map {
 public:
  // `what` names the map in errors: "a group".
  Map(const Node& node, Problems& problems, std::string_view what);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Node* get(std::string_view key);      // null if it is not there
  const Node* require(std::string_view key);  // reports it if it is not there

  std::string text(std::string_view key, std::string_view fallback = "");
  std::string required_text(std::string_view key);  // not empty
  bool flag(std::string_view key, bool fallback);
  std::int64_t integer(std::string_view key, IntegerRange range, std::int64_t fallback);
  double number(std::string_view key, NumberRange range, double fallback);
  std::vector<std::string> texts(std::string_view key);  // a list of texts
  // One of `names`; `fallback` if it is not there.
  std::string choice(std::string_view key, const std::vector<std::string>& names, std::string_view fallback);

  void finish();
  const Node& node() const { return node_; }
  Problems& problems() { return problems_; }

 private:
  const Node* find(std::string_view key) const;

  const Node& node_;
  Problems& problems_;
  std::string what_;
  std::vector<std::string> known_;
};

// The elements of a list, or of nothing; anything else is reported.
std::vector<NodePtr> items(const Node* node, Problems& problems, std::string_view what);
std::string read_text(const Node& node, Problems& problems, std::string_view what);

}  // namespace hnbemu::config::yaml
