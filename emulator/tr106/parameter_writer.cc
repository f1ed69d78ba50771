#include <algorithm>

#include "tr106/parameter_line.h"
#include "tr106/words.h"

namespace hnbemu::tr106 {
namespace {

template <class Parts, class Text>
std::string join(const Parts& parts, Text text) {
  std::string joined;
  for (const auto& part : parts) joined += (&part == &parts.front() ? "" : "|") + text(part);
  return joined;
}

std::string range_text(const Range& range) {
  const auto limits = range.min == range.max ? range.min : fmt::format("{}:{}", range.min, range.max);
  return range.step.empty() ? limits : fmt::format("{}/{}", limits, range.step);
}

std::string size_text(const Size& size) {
  const auto max = size.max ? std::to_string(*size.max) : "";
  if (size.max == size.min) return max;
  return fmt::format("{}:{}", size.min == 0 && size.max ? "" : std::to_string(size.min), max);
}

std::string sizes_text(const std::vector<Size>& sizes) {
  return sizes.empty() ? "" : fmt::format("({})", join(sizes, size_text));
}

std::string list_text(const List& list) {
  const auto items = list.items == Size{} ? "" : fmt::format("[{}]", size_text(list.items));
  return fmt::format("list{}{} ", items, sizes_text(list.sizes));
}

bool fits_in_braces(const ItemType& item) {
  return std::all_of(item.enumeration.begin(), item.enumeration.end(),
                     [](const Enumeration& value) { return value.value.find_first_of("|}") == std::string::npos; });
}

std::string built_in_text(const ItemType& item) {
  std::string text(word(item.base));
  if (!item.ranges.empty()) text += fmt::format("({})", join(item.ranges, range_text));
  text += sizes_text(item.sizes);
  if (!item.enumeration.empty() && fits_in_braces(item))
    text += fmt::format("{{{}}}", join(item.enumeration, [](const Enumeration& value) { return value.value; }));
  return text;
}

std::string values_that(const ItemType& item, std::string_view word, bool (*are)(const Enumeration&)) {
  std::vector<std::string> values;
  for (const auto& value : item.enumeration) {
    if (are(value)) values.push_back(value.value);
  }
  return group_of(word, values);
}

std::string enumeration_text(const ItemType& item) {
  std::string text;
  if (!fits_in_braces(item)) text += values_that(item, "one-of", [](const Enumeration&) { return true; });
  text += values_that(item, "optional", [](const Enumeration& value) { return value.optional; });
  text += values_that(item, "device-set", [](const Enumeration& value) { return value.read_only; });
  text += values_that(item, "deprecated", [](const Enumeration& value) { return value.status == Status::deprecated; });
  return text +
         values_that(item, "obsoleted", [](const Enumeration& value) { return value.status == Status::obsoleted; });
}

// Runs of one status, so that the order stays.
std::string patterns_text(const std::vector<Pattern>& patterns) {
  std::string text;
  for (auto run = patterns.begin(); run != patterns.end();) {
    std::vector<std::string> values;
    const auto status = run->status;
    for (; run != patterns.end() && run->status == status; ++run) values.push_back(run->value);
    text += group_of(status == Status::current ? "pattern" : fmt::format("{}-pattern", word(status)), values);
  }
  return text;
}

std::string reference_text(const Reference& reference) {
  using enum datamodel::Reference::Kind;
  std::vector<std::string> texts;
  if (reference.kind != enumeration) texts.emplace_back(reference.strong ? "strong" : "weak");
  if (reference.kind == path) texts.emplace_back(word(reference.target));
  texts.insert(texts.end(), reference.targets.begin(), reference.targets.end());
  const auto* name = reference.kind == path ? "ref" : reference.kind == instance ? "instance" : "enum-of";
  auto text = texts.empty() ? fmt::format(" {}()", name) : group_of(name, texts);
  if (!reference.data_type.empty()) text += group_of("ref-type", {reference.data_type});
  if (reference.null_value) text += group_of("ref-null", {*reference.null_value});
  return text;
}

std::string facets_text(const ItemType& item) {
  auto text = enumeration_text(item) + patterns_text(item.patterns);
  if (item.reference) text += reference_text(*item.reference);
  if (!item.units.empty()) text += group_of("units", {item.units});
  return text;
}

std::string_view active_text(datamodel::ActiveNotify notify) {
  switch (notify) {
    case datamodel::ActiveNotify::force_enabled:
      return " active=forced";
    case datamodel::ActiveNotify::force_default_enabled:
      return " active=default";
    case datamodel::ActiveNotify::can_deny:
      return " active=deniable";
    default:
      return "";
  }
}

std::string_view access_text(Access access) {
  return access == Access::read_write ? " rw" : access == Access::write_once ? " once" : " ro";
}

std::string default_text(const Default& value) {
  using enum Default::Kind;
  const auto* kind = value.kind == object           ? ""
                     : value.kind == factory        ? "factory"
                     : value.kind == implementation ? "likely"
                                                    : "parameter";
  const std::string_view text = value.value;
  if (text.empty()) return fmt::format(" {}=", kind);
  const bool verbatim = text.front() != ' ' && text.back() != ' ' &&
                        std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return verbatim ? fmt::format(" {}= {}", kind, text) : fmt::format(" {}={}", kind, escaped(text));
}

}  // namespace

std::string type_text(const DataType& type) {
  return (type.list ? list_text(*type.list) : "") + built_in_text(type.item) + facets_text(type.item);
}

std::string parameter_text(const Parameter& parameter, const NamedTypes& types) {
  const Syntax& syntax = parameter.syntax;
  const auto named = types.find(syntax.data_type);
  std::string text;
  if (syntax.list && (named == types.end() || syntax.list != named->second.list)) text = list_text(*syntax.list);
  text += named == types.end() ? built_in_text(syntax.item) : syntax.data_type;
  text += access_text(parameter.access);
  if (named == types.end()) text += facets_text(syntax.item);
  if (parameter.status != Status::current) text += fmt::format(" {}", word(parameter.status));
  if (parameter.forced_inform) text += " inform";
  text += active_text(parameter.active_notify);
  if (syntax.hidden) text += " hidden";
  if (syntax.secured) text += " secured";
  if (syntax.command) text += " command";
  if (syntax.value) text += default_text(*syntax.value);
  return text;
}

}  // namespace hnbemu::tr106
