#include <algorithm>
#include <array>
#include <string>

#include "hms/referee.h"

namespace hnbemu::hms::referee {
namespace {

using cwmp::ParameterValueStruct;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "0" stands for a digit, the rest for itself.
bool matches_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() && std::ranges::equal(text, shape, [](char c, char expected) {
           return expected == '0' ? is_digit(c) : c == expected;
         });
}

// xsd:dateTime: 2026-01-02T03:04:05[.678][Z|+01:00]
bool is_date_time(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  if (!matches_shape(text.substr(0, shape.size()), shape)) return false;
  text.remove_prefix(shape.size());
  if (text.starts_with('.')) {
    const std::size_t digits = text.find_first_not_of("0123456789", 1);
    if (digits == 1 || text.size() == 1) return false;
    text = digits == std::string_view::npos ? std::string_view{} : text.substr(digits);
  }
  return text.empty() || text == "Z" || matches_shape(text, "+00:00") || matches_shape(text, "-00:00");
}

bool is_unsigned(std::string_view text) {
  return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, is_digit);
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return is_unsigned(text);
}

bool is_boolean(std::string_view text) {
  return text == "0" || text == "1" || text == "true" || text == "false";
}

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool any_text(std::string_view) {
  return true;
}

struct TypeCheck {
  std::string_view type;  // without its prefix
  bool (*is_valid)(std::string_view);
};
constexpr std::array<TypeCheck, 11> kTypes = {{
    {"string", any_text},
    {"boolean", is_boolean},
    {"int", is_integer},
    {"long", is_integer},
    {"unsignedInt", is_unsigned},
    {"unsignedLong", is_unsigned},
    {"dateTime", is_date_time},
    {"hexBinary", is_hex},
    {"base64", any_text},
    {"base64Binary", any_text},
    {"decimal", any_text},
}};

void check_value(const ParameterValueStruct& parameter, Findings& findings) {
  std::string_view type = parameter.type;
  type.remove_prefix(std::min(type.size(), type.find(':') + 1));
  const auto check = std::ranges::find(kTypes, type, &TypeCheck::type);
  if (check == kTypes.end()) {
    findings.add(Rule::parameter_type, fmt::format("{} has the type '{}'", parameter.name, parameter.type));
  } else if (!check->is_valid(parameter.value)) {
    findings.add(Rule::parameter_value,
                 fmt::format("{} has the value '{}', which is no {}", parameter.name, parameter.value, type));
  }
}

void check_device_id(const cwmp::DeviceId& id, Findings& findings) {
  struct Part {
    std::string_view name;
    const std::string& value;
    bool needed;
  };
  // TR-069 A.3.3.1: all have at most 64 characters, and ProductClass alone may be empty.
  const std::array<Part, 3> parts = {{{"Manufacturer", id.manufacturer, true},
                                      {"ProductClass", id.product_class, false},
                                      {"SerialNumber", id.serial_number, true}}};
  for (const Part& part : parts) {
    if (part.needed && part.value.empty()) findings.add(Rule::device_id, fmt::format("{} is empty", part.name));
    if (part.value.size() > 64) findings.add(Rule::device_id, fmt::format("{} has over 64 characters", part.name));
  }
  const bool six_digits = id.oui.size() == 6 && id.oui.find_first_not_of("0123456789ABCDEF") == std::string::npos;
  if (!six_digits) {
    findings.add(Rule::oui, fmt::format("OUI is '{}'; it must be six hexadecimal digits in upper case", id.oui));
  }
}

}  // namespace

void check_parameters(const std::vector<ParameterValueStruct>& parameters, Findings& findings) {
  std::vector<std::string_view> names;
  names.reserve(parameters.size());
  for (const ParameterValueStruct& parameter : parameters) {
    const std::string_view name = parameter.name;
    names.push_back(name);
    if (name.empty() || name.ends_with('.') || name.size() > kMaxParameterNameLength ||
        name.find_first_of(" \t\r\n") != std::string_view::npos) {
      findings.add(Rule::parameter_name, fmt::format("'{}' is no name of a parameter", name.substr(0, 300)));
    }
    check_value(parameter, findings);
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) findings.add(Rule::parameter_duplicate, fmt::format("{} stands there twice", *twice));
}

void check_inform(const cwmp::Inform& inform, Findings& findings) {
  check_device_id(inform.device_id, findings);
  check_events(inform.events, findings);
  // A session that failed behind its InformResponse is tried again although its events were delivered.
  if (inform.events.empty() && inform.retry_count == 0) findings.add(Rule::event_count, "the Inform has no event");
  if (inform.max_envelopes != 1) {
    findings.add(Rule::max_envelopes, fmt::format("MaxEnvelopes is {}; it must be 1", inform.max_envelopes));
  }
  if (!is_date_time(inform.current_time)) {
    findings.add(Rule::current_time, fmt::format("CurrentTime is '{}'", inform.current_time));
  }
  check_parameters(inform.parameters, findings);
  check_forced_parameters(inform, findings);
}

}  // namespace hnbemu::hms::referee
