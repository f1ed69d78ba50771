#include "datamodel/definition.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace hnbemu::datamodel {
namespace {

// Reads a definition from left to right; the first mistake stays.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool failed() const { return !mistake_.empty(); }
  const std::string& mistake() const { return mistake_; }
  void fail_with(std::string what) {
    if (mistake_.empty()) mistake_ = std::move(what);
  }

  std::string_view word() {
    skip_spaces();
    const auto end = std::min(rest_.find_first_of(" ([{"), rest_.size());
    const auto word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }
  // What stands between `open` and `close` right here; nothing if `open` does not.
  std::optional<std::string_view> group(char open, char close) {
    if (rest_.empty() || rest_.front() != open) return std::nullopt;
    const auto end = rest_.find(close);
    if (end == std::string_view::npos) {
      fail_with(fmt::format("'{}' without '{}'", open, close));
      return std::nullopt;
    }
    const auto inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return inside;
  }
  // The rest behind "= ".
  std::optional<std::string_view> value() {
    skip_spaces();
    if (rest_ != "=" && !rest_.starts_with("= ")) return std::nullopt;
    const auto value = rest_.substr(std::min<std::size_t>(2, rest_.size()));
    rest_ = {};
    return value;
  }
  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  std::string_view rest_;
  std::string mistake_;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// "3", "3:9", ":9", "3:"
std::optional<Range> parse_range(std::string_view text) {
  const auto ends = split(text, ':');
  if (ends.size() > 2 || (ends.size() == 2 && ends[0].empty() && ends[1].empty())) return std::nullopt;
  Range range;
  if (!ends.front().empty() && !(range.min = Integer::parse(ends.front()))) return std::nullopt;
  if (!ends.back().empty() && !(range.max = Integer::parse(ends.back()))) return std::nullopt;
  if (!range.min && !range.max) return std::nullopt;
  return range;
}

std::optional<Size> parse_size(std::string_view text) {
  const auto range = parse_range(text);
  if (!range) return std::nullopt;
  Size size;
  const auto fits = [](const Integer& value) { return !value.negative && value.magnitude <= UINT32_MAX; };
  if ((range->min && !fits(*range->min)) || (range->max && !fits(*range->max))) return std::nullopt;
  if (range->min) size.min = static_cast<std::uint32_t>(range->min->magnitude);
  if (range->max) size.max = static_cast<std::uint32_t>(range->max->magnitude);
  return size;
}

bool is_number(Type type) {
  return type == Type::int_ || type == Type::unsigned_int || type == Type::long_ || type == Type::unsigned_long;
}

void read_facets(Reader& reader, Type type, Facets& facets) {
  if (const auto limits = reader.group('(', ')')) {
    for (const auto part : split(*limits, '|')) {
      const auto range = parse_range(part);
      const auto size = parse_size(part);
      if (is_number(type) ? !range : !size) return reader.fail_with(fmt::format("'{}' is no range", part));
      if (is_number(type)) facets.ranges.push_back(*range);
      if (!is_number(type)) facets.sizes.push_back(*size);
    }
  }
  if (const auto names = reader.group('{', '}')) {
    for (const auto name : split(*names, '|')) facets.enumeration.emplace_back(name);
  }
}

Type read_type(Reader& reader, Facets& facets) {
  auto word = reader.word();
  const bool list = word == "list";
  if (list) {
    const auto items = reader.group('[', ']');
    const auto item_count = items ? parse_size(*items) : Size{};
    const auto size = reader.group('(', ')');
    facets.list_size = size ? parse_size(*size) : std::nullopt;
    if (!item_count || (size && !facets.list_size)) reader.fail_with("the list's limits are no range");
    facets.list_items = item_count.value_or(Size{});
    word = reader.word();
  }
  const auto type = type_named(word);
  if (!type) {
    reader.fail_with(fmt::format("'{}' is no type", word));
    return Type::string;
  }
  read_facets(reader, *type, facets);
  if (list) facets.item_type = *type;
  return list ? Type::string : *type;
}

void read_flag(std::string_view word, Reader& reader, ParameterSpec& spec) {
  if (word == "hidden") {
    spec.hidden = true;
  } else if (word == "inform") {
    spec.forced_inform = true;
  } else if (word == "active=forced") {
    spec.active_notify = ActiveNotify::force_enabled;
  } else if (word == "active=default") {
    spec.active_notify = ActiveNotify::force_default_enabled;
  } else if (word == "active=deniable") {
    spec.active_notify = ActiveNotify::can_deny;
  } else {
    reader.fail_with(fmt::format("'{}' means nothing here", word));
  }
}

}  // namespace

Result<ParameterSpec> parse_definition(std::string path, std::string_view text) {
  ParameterSpec spec;
  spec.path = std::move(path);
  Reader reader(text);
  spec.type = read_type(reader, spec.facets);
  const auto access = reader.word();
  if (access != "ro" && access != "rw") reader.fail_with(fmt::format("'{}' must be ro or rw", access));
  spec.writable = access == "rw";
  while (!reader.failed() && !reader.at_end()) {
    if (const auto value = reader.value()) {
      spec.value = *value;
    } else if (const auto word = reader.word(); word.empty()) {
      reader.fail_with("a bracket means nothing here");
    } else {
      read_flag(word, reader, spec);
    }
  }
  if (reader.failed()) return fail(Cause::configuration, fmt::format("{}: {}", spec.path, reader.mistake()));
  return spec;
}

}  // namespace hnbemu::datamodel
