#include "cwmp/message_reader.h"

#include "base/number.h"
#include "cwmp/codec.h"

namespace hnbemu::cwmp {

namespace {

// The count of "cwmp:EventStruct[2]".
std::optional<std::size_t> array_size(std::string_view array_type) {
  const auto bracket = array_type.rfind('[');
  if (bracket == std::string_view::npos) return std::nullopt;
  const auto end = array_type.find(']', bracket);
  if (end == std::string_view::npos) return std::nullopt;
  return parse_number<std::size_t>(array_type.substr(bracket + 1, end - bracket - 1));
}

}  // namespace

void ReadReport::irregular(std::string text) {
  if (irregularities->size() < kMaxIrregularities) irregularities->push_back(std::move(text));
}

std::optional<XmlElement> MessageReader::required(std::string_view name) {
  auto found = element_.child(name);
  if (!found && report_.problem.empty()) report_.problem = fmt::format("{} has no {}", element_.name(), name);
  return found;
}

std::string MessageReader::text(std::string_view name) {
  const auto found = required(name);
  return found ? std::string(found->text()) : std::string();
}

std::string MessageReader::token(std::string_view name) {
  const auto found = required(name);
  return found ? std::string(found->trimmed()) : std::string();
}

bool MessageReader::boolean(std::string_view name) {
  const auto found = required(name);
  if (!found) return false;
  const auto text = found->trimmed();
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  if (report_.problem.empty()) report_.problem = fmt::format("{}: {} is no boolean", element_.name(), name);
  return false;
}

template <class Number>
Number MessageReader::number(std::string_view name, std::string_view kind) {
  const auto found = required(name);
  if (!found) return 0;
  const auto value = parse_number<Number>(found->trimmed());
  if (!value && report_.problem.empty()) {
    report_.problem = fmt::format("{}: {} is no {}", element_.name(), name, kind);
  }
  return value.value_or(0);
}

std::uint32_t MessageReader::unsigned_int(std::string_view name) {
  return number<std::uint32_t>(name, "unsigned integer");
}

std::int32_t MessageReader::integer(std::string_view name) {
  return number<std::int32_t>(name, "integer");
}

std::string MessageReader::xsi_type(std::string_view name) {
  const auto found = element_.child(name);
  const auto type = found ? found->attribute(kSchemaInstanceUri, "type") : std::nullopt;
  if (!type) return {};
  const auto trimmed = trim(*type);
  const auto colon = trimmed.rfind(':');
  if (colon == std::string_view::npos) return std::string(trimmed);
  return fmt::format("xsd:{}", trimmed.substr(colon + 1));
}

std::string MessageReader::own_type() const {
  const auto type = trim(element_.attribute(kSchemaInstanceUri, "type").value_or(std::string_view{}));
  return std::string(type.substr(type.rfind(':') + 1));
}

void MessageReader::invalid(std::string problem) {
  if (report_.problem.empty()) report_.problem = std::move(problem);
}

MessageReader MessageReader::structure(std::string_view name) {
  return {required(name).value_or(element_), report_};
}

std::optional<XmlElement> MessageReader::array(std::string_view name) {
  const auto found = required(name);
  if (!found) return std::nullopt;
  const auto type = found->attribute(kSoapEncodingUri, "arrayType");
  if (!type) {
    report_.irregular(fmt::format("{} has no soap-enc:arrayType", name));
  } else if (array_size(*type) != found->child_count()) {
    report_.irregular(
        fmt::format("{} of {} members has arrayType {}", name, found->child_count(), type->substr(0, 64)));
  }
  return found->first_child();
}

std::vector<std::string> MessageReader::strings(std::string_view name) {
  std::vector<std::string> all;
  for (auto item = array(name); item; item = item->next()) all.emplace_back(item->trimmed());
  return all;
}

}  // namespace hnbemu::cwmp
