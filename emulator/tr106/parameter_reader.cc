
#include "tr106/parameter_line.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// "3", "3:9", ":9", "3:", "0:100/10"
std::optional<Range> range_of(BaseType type, std::string_view text) {
  Range range;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    range.step = text.substr(slash + 1);
    if (!is_limit(type, range.step)) return std::nullopt;
    text = text.substr(0, slash);
  }
  const auto colon = text.find(':');
  range.min = text.substr(0, colon);
  range.max = colon == std::string_view::npos ? range.min : std::string(text.substr(colon + 1));
  const auto good = [&](const std::string& limit) { return limit.empty() || is_limit(type, limit); };
  if ((range.min.empty() && range.max.empty()) || !good(range.min) || !good(range.max)) return std::nullopt;
  return range;
}

std::optional<Size> size_of(std::string_view text) {
  const auto range = range_of(BaseType::unsigned_int, text);
  if (!range || !range->step.empty()) return std::nullopt;
  const auto limit = [](const std::string& number) -> std::optional<std::uint32_t> {
    const auto integer = datamodel::Integer::parse(number);
    if (!integer || integer->negative || integer->magnitude > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(integer->magnitude);
  };
  Size size;
  if (!range->min.empty()) {
    const auto min = limit(range->min);
    if (!min) return std::nullopt;
    size.min = *min;
  }
  if (!range->max.empty() && !(size.max = limit(range->max))) return std::nullopt;
  return size;
}

void read_sizes(LineCursor& line, std::vector<Size>& sizes) {
  const auto group = line.group('(', ')');
  if (!group) return;
  for (const auto part : split(*group, '|')) {
    const auto size = size_of(part);
    if (!size) return line.fail_with(fmt::format("'{}' is no range of lengths", part));
    sizes.push_back(*size);
  }
}

void read_limits(LineCursor& line, ItemType& item) {
  if (!is_number(item.base)) return read_sizes(line, item.sizes);
  const auto group = line.group('(', ')');
  if (!group) return;
  for (const auto part : split(*group, '|')) {
    auto range = range_of(item.base, part);
    if (!range) return line.fail_with(fmt::format("'{}' is no range", part));
    item.ranges.push_back(std::move(*range));
  }
}

void read_type(LineCursor& line, const NamedTypes& types, Syntax& syntax) {
  auto word = line.word();
  const bool own_list = word == "list";
  if (own_list) {
    List& list = syntax.list.emplace();
    if (const auto items = line.group('[', ']')) {
      const auto size = size_of(*items);
      if (!size) return line.fail_with(fmt::format("'{}' is no range of item counts", *items));
      list.items = *size;
    }
    read_sizes(line, list.sizes);
    word = line.word();
  }
  if (const auto built_in = meaning<BaseType>(word)) {
    syntax.item.base = *built_in;
    read_limits(line, syntax.item);
    const auto values = line.group('{', '}');
    if (!values) return;
    for (const auto value : split(*values, '|')) syntax.item.enumeration.push_back({.value = std::string(value)});
  } else if (const auto named = types.find(word); named != types.end()) {
    become(syntax, named->second, own_list);
    syntax.data_type = named->first;
  } else {
    line.fail_with(fmt::format("'{}' is no type", word));
  }
}

void mark_values(LineCursor& line, ItemType& item, void (*mark)(Enumeration&)) {
  for (const auto& value : line.texts()) {
    const auto found = std::find_if(item.enumeration.begin(), item.enumeration.end(),
                                    [&](const Enumeration& known) { return known.value == value; });
    if (found == item.enumeration.end()) return line.fail_with(fmt::format("'{}' is none of the values", value));
    mark(*found);
  }
}

void add_patterns(LineCursor& line, ItemType& item, Status status) {
  for (auto& value : line.texts()) item.patterns.push_back({std::move(value), status});
}

void read_reference(LineCursor& line, Reference::Kind kind, ItemType& item) {
  auto texts = line.texts();
  if (line.failed()) return;
  Reference& reference = item.reference.emplace();
  reference.kind = kind;
  std::size_t taken = 0;
  if (kind != Reference::Kind::enumeration) {
    if (texts.empty() || (texts[0] != "strong" && texts[0] != "weak"))
      return line.fail_with("a reference is strong or weak");
    reference.strong = texts[taken++] == "strong";
  }
  if (kind == Reference::Kind::path) {
    const auto target = meaning<Reference::Target>(texts.size() > taken ? texts[taken] : "");
    if (!target)
      return line.fail_with("a reference names what it refers to: any, parameter, object, single, table, row");
    reference.target = *target;
    ++taken;
  }
  reference.targets.assign(texts.begin() + static_cast<std::ptrdiff_t>(taken), texts.end());
}

std::string read_one(LineCursor& line) {
  auto texts = line.texts();
  if (texts.size() != 1) line.fail_with("one text is wanted in the brackets");
  return line.failed() ? std::string() : std::move(texts.front());
}

bool read_reference_word(std::string_view word, LineCursor& line, ItemType& item) {
  if (word == "ref") {
    read_reference(line, Reference::Kind::path, item);
  } else if (word == "instance") {
    read_reference(line, Reference::Kind::instance, item);
  } else if (word == "enum-of") {
    read_reference(line, Reference::Kind::enumeration, item);
  } else if (word == "ref-type" || word == "ref-null") {
    if (!item.reference) {
      line.fail_with(fmt::format("{}() stands behind the reference that it is of", word));
    } else if (word == "ref-type") {
      item.reference->data_type = read_one(line);
    } else {
      item.reference->null_value = read_one(line);
    }
  } else {
    return false;
  }
  return true;
}

// What confines a type; false if the word is none of these.
bool read_facet(std::string_view word, LineCursor& line, ItemType& item) {
  if (word == "units") {
    item.units = read_one(line);
  } else if (word == "pattern") {
    add_patterns(line, item, Status::current);
  } else if (word == "deprecated-pattern") {
    add_patterns(line, item, Status::deprecated);
  } else if (word == "obsoleted-pattern") {
    add_patterns(line, item, Status::obsoleted);
  } else if (word == "one-of") {
    for (auto& value : line.texts()) item.enumeration.push_back({.value = std::move(value)});
  } else if (word == "optional") {
    mark_values(line, item, [](Enumeration& value) { value.optional = true; });
  } else if (word == "device-set") {
    mark_values(line, item, [](Enumeration& value) { value.read_only = true; });
  } else if (word == "deprecated" && line.next() == '(') {
    mark_values(line, item, [](Enumeration& value) { value.status = Status::deprecated; });
  } else if (word == "obsoleted" && line.next() == '(') {
    mark_values(line, item, [](Enumeration& value) { value.status = Status::obsoleted; });
  } else {
    return read_reference_word(word, line, item);
  }
  return true;
}

bool read_flag(std::string_view word, Parameter& parameter) {
  using enum datamodel::ActiveNotify;
  if (word == "hidden") {
    parameter.syntax.hidden = true;
  } else if (word == "secured") {
    parameter.syntax.secured = true;
  } else if (word == "command") {
    parameter.syntax.command = true;
  } else if (word == "inform") {
    parameter.forced_inform = true;
  } else if (word == "deprecated") {
    parameter.status = Status::deprecated;
  } else if (word == "obsoleted") {
    parameter.status = Status::obsoleted;
  } else if (word == "active=forced") {
    parameter.active_notify = force_enabled;
  } else if (word == "active=default") {
    parameter.active_notify = force_default_enabled;
  } else if (word == "active=deniable") {
    parameter.active_notify = can_deny;
  } else {
    return false;
  }
  return true;
}

bool read_default(std::string_view word, LineCursor& line, Syntax& syntax) {
  Default value;
  if (word == "=") {
    value.kind = Default::Kind::object;
  } else if (word == "factory=") {
    value.kind = Default::Kind::factory;
  } else if (word == "likely=") {
    value.kind = Default::Kind::implementation;
  } else if (word == "parameter=") {
    value.kind = Default::Kind::parameter;
  } else {
    return false;
  }
  if (line.next() == '"') {
    value.value = line.text();
  } else if (line.skip(' ')) {
    value.value = line.rest();
  }
  if (!line.at_end()) line.fail_with("nothing may stand behind the default");
  syntax.value = std::move(value);
  return true;
}

}  // namespace

void read_type_line(LineCursor& line, DataType& type) {
  Syntax syntax;
  read_type(line, {}, syntax);
  while (!line.failed() && !line.at_end()) {
    const auto word = line.word();
    if (!read_facet(word, line, syntax.item)) line.fail_with(fmt::format("'{}' means nothing here", word));
  }
  type.list = std::move(syntax.list);
  type.item = std::move(syntax.item);
}

void read_parameter_line(LineCursor& line, const NamedTypes& types, Parameter& parameter) {
  Syntax& syntax = parameter.syntax;
  read_type(line, types, syntax);
  const auto access = line.word();
  if (access == "rw") {
    parameter.access = Access::read_write;
  } else if (access == "once") {
    parameter.access = Access::write_once;
  } else if (access != "ro") {
    return line.fail_with(fmt::format("'{}' must be ro, rw or once", access));
  }
  while (!line.failed() && !line.at_end()) {
    const auto word = line.word();
    if (read_facet(word, line, syntax.item) || read_default(word, line, syntax)) continue;
    if (word.empty()) return line.fail_with("a bracket means nothing here");
    if (!read_flag(word, parameter)) line.fail_with(fmt::format("'{}' means nothing here", word));
  }
  if (!syntax.data_type.empty() && !says_all(types.find(syntax.data_type)->second, syntax)) syntax.data_type.clear();
}

Result<Parameter> parse_parameter(std::string name, std::string_view text, const NamedTypes& types) {
  Parameter parameter;
  parameter.name = std::move(name);
  LineCursor line(text);
  read_parameter_line(line, types, parameter);
  if (line.failed()) return fail(Cause::configuration, fmt::format("column {}: {}", line.column(), line.mistake()));
  return parameter;
}

}  // namespace hnbemu::tr106
