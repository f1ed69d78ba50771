#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/number.h"
#include "config/suggest.h"
#include "config/yaml.h"

namespace hnbemu::config::yaml {
namespace {

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return fmt::format("'{}'", node.text);
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "nothing";
}

void expected(const Node& node, Problems& problems, std::string_view what, std::string_view type) {
  problems.add(node, fmt::format("'{}' must be {}, not {}", what, type, describe(node)));
}

}  // namespace

Map::Map(const Node& node, Problems& problems, std::string_view what) : node_(node), problems_(problems), what_(what) {
  if (node.kind != Node::Kind::map)
    problems.add(node, fmt::format("{} must be a map of keys and values, not {}", what, describe(node)));
}

const Node* Map::find(std::string_view key) const {
  const auto found =
      std::find_if(node_.entries.begin(), node_.entries.end(), [&](const auto& e) { return e.first->text == key; });
  return found == node_.entries.end() ? nullptr : found->second.get();
}

const Node* Map::get(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return find(key);
}

const Node* Map::require(std::string_view key) {
  const Node* value = get(key);
  if (value == nullptr && node_.kind == Node::Kind::map)
    problems_.add(node_, fmt::format("{} needs the key '{}'", what_, key));
  return value;
}

std::string Map::text(std::string_view key, std::string_view fallback) {
  const Node* value = get(key);
  return value == nullptr ? std::string(fallback) : read_text(*value, problems_, key);
}

std::string Map::required_text(std::string_view key) {
  const Node* value = require(key);
  if (value == nullptr) return {};
  std::string text = read_text(*value, problems_, key);
  if (text.empty() && value->kind == Node::Kind::scalar) problems_.add(*value, fmt::format("'{}' is empty", key));
  return text;
}

bool Map::flag(std::string_view key, bool fallback) {
  const Node* value = get(key);
  if (value == nullptr) return fallback;
  const bool plain = value->kind == Node::Kind::scalar && value->plain;
  if (plain && value->text == "true") return true;
  if (plain && value->text == "false") return false;
  expected(*value, problems_, key, "true or false");
  return fallback;
}

std::int64_t Map::integer(std::string_view key, IntegerRange range, std::int64_t fallback) {
  const Node* value = get(key);
  if (value == nullptr) return fallback;
  const bool plain = value->kind == Node::Kind::scalar && value->plain;
  const auto number = plain ? parse_number<std::int64_t>(value->text) : std::nullopt;
  if (!number) {
    expected(*value, problems_, key, "a whole number");
    return fallback;
  }
  if (*number < range.min || *number > range.max) {
    problems_.add(*value, fmt::format("'{}' must be from {} to {}, not {}", key, range.min, range.max, *number));
    return fallback;
  }
  return *number;
}

double Map::number(std::string_view key, NumberRange range, double fallback) {
  const Node* value = get(key);
  if (value == nullptr) return fallback;
  const bool plain = value->kind == Node::Kind::scalar && value->plain;
  const auto number = plain ? parse_number<double>(value->text) : std::nullopt;
  if (!number || !std::isfinite(*number)) {
    expected(*value, problems_, key, "a number");
    return fallback;
  }
  if (*number < range.min || *number > range.max) {
    problems_.add(*value, fmt::format("'{}' must be from {} to {}, not {}", key, range.min, range.max, *number));
    return fallback;
  }
  return *number;
}

std::vector<std::string> Map::texts(std::string_view key) {
  std::vector<std::string> texts;
  for (const NodePtr& item : items(get(key), problems_, key)) texts.push_back(read_text(*item, problems_, key));
  return texts;
}

std::string Map::choice(std::string_view key, const std::vector<std::string>& names, std::string_view fallback) {
  const Node* value = get(key);
  if (value == nullptr) return std::string(fallback);
  std::string text = read_text(*value, problems_, key);
  if (value->kind != Node::Kind::scalar || std::find(names.begin(), names.end(), text) != names.end()) return text;
  problems_.add(*value, fmt::format("'{}' must be one of {}, not '{}'{}", key, fmt::join(names, ", "), text,
                                    suggestion(text, names)));
  return std::string(fallback);
}

void Map::finish() {
  for (const auto& [key, value] : node_.entries) {
    if (std::find(known_.begin(), known_.end(), key->text) != known_.end()) continue;
    const std::string near = suggestion(key->text, known_);
    problems_.add(*key, fmt::format("unknown key '{}'{}", key->text,
                                    near.empty() ? fmt::format("; {} has {}", what_, fmt::join(known_, ", ")) : near));
  }
}

std::vector<NodePtr> items(const Node* node, Problems& problems, std::string_view what) {
  if (node == nullptr || node->kind == Node::Kind::null) return {};
  if (node->kind != Node::Kind::sequence) {
    expected(*node, problems, what, "a list");
    return {};
  }
  return node->items;
}

std::string read_text(const Node& node, Problems& problems, std::string_view what) {
  if (node.kind == Node::Kind::scalar) return node.text;
  expected(node, problems, what, "text");
  return {};
}

}  // namespace hnbemu::config::yaml
