#include <fmt/format.h>

#include <algorithm>

#include "config/profile_reader.h"

// What a device of the profile is, and how it departs from the standard.
namespace hnbemu::config {
namespace {

constexpr std::size_t kMaxSoapId = 64;
constexpr std::size_t kMaxRequestPath = 256;

// Digits alone, or with an E, would be a number to other readers of YAML.
bool looks_like_number(const yaml::Node& node) {
  return node.plain && node.text.find_first_not_of("0123456789E") == std::string::npos;
}

}  // namespace

void ProfileReader::read_identity() {
  const auto* const node = map_.require("identity");
  if (node == nullptr) return;
  yaml::Map identity(*node, problems_, "identity");
  profile_.manufacturer = identity.required_text("manufacturer");
  profile_.oui = identity.required_text("oui");
  const auto& oui = profile_.oui;
  const bool hexadecimal = oui.size() == 6 && oui.find_first_not_of("0123456789ABCDEF") == std::string::npos;
  if (!oui.empty() && (!hexadecimal || looks_like_number(*identity.get("oui"))))
    problems_.add(*identity.get("oui"), "'oui' must be six hexadecimal digits in upper case and in quotes, \"00256D\"");
  profile_.product_class = identity.required_text("product_class");
  profile_.hardware_version = identity.required_text("hardware_version");
  profile_.software_version = identity.required_text("software_version");
  identity.finish();
}

void ProfileReader::read_optional_rpcs() {
  for (const auto& entry : yaml::items(map_.get("optional_rpcs"), problems_, "optional_rpcs")) {
    auto name = yaml::read_text(*entry, problems_, "optional_rpcs");
    const bool known = std::ranges::find(kOptionalRpcs, name) != std::end(kOptionalRpcs);
    const bool late = name == "ChangeDUState" && profile_.cwmp_version < "1.2";
    if (!known) {
      problems_.add(*entry,
                    fmt::format("'{}' is none of the optional methods: {}", name, fmt::join(kOptionalRpcs, ", ")));
    } else if (late) {
      problems_.add(*entry, fmt::format("ChangeDUState needs cwmp_version 1.2, not {}", profile_.cwmp_version));
    }
    profile_.optional_rpcs.push_back(std::move(name));
  }
}

void ProfileReader::read_quirks() {
  const auto* const node = map_.get("quirks");
  if (node == nullptr) return;
  auto& quirks = profile_.quirks;
  yaml::Map map(*node, problems_, "quirks");
  quirks.lenient_types = map.flag("lenient_types", false);
  quirks.status_1 = map.flag("status_1", false);
  quirks.clock_starts_1970 = map.flag("clock_starts_1970", false);
  quirks.value_change_on_boot = map.flag("value_change_on_boot", false);
  quirks.denies_active_notification = map.flag("denies_active_notification", false);
  quirks.download_status_0 = map.flag("download_status_0", false);
  quirks.rem_not_ready = map.flag("rem_not_ready", false);
  quirks.silent_after_deregistration = map.flag("silent_after_deregistration", false);
  quirks.soap_id = read_template(map, "soap_id", {{"n", ""}}, quirks.soap_id, kMaxSoapId);
  DeviceFields fields;
  for (const auto field : kPathFields) fields[std::string(field)] = "";
  auto& path = quirks.connection_request_path;
  path = read_template(map, "connection_request_path", fields, path, kMaxRequestPath);
  const auto legal = [](char c) { return c > ' ' && c < '\x7f' && c != '#' && c != '"' && c != '\\'; };
  if (!path.starts_with('/') || !std::all_of(path.begin(), path.end(), legal)) {
    problems_.add(*map.get("connection_request_path"), "'connection_request_path' must be the path of a URL, \"/x\"");
  }
  map.finish();
}

std::string ProfileReader::read_template(yaml::Map& map, std::string_view key, const DeviceFields& fields,
                                         const std::string& fallback, std::size_t max_length) {
  const auto* const node = map.get(key);
  if (node == nullptr) return fallback;
  auto text = yaml::read_text(*node, problems_, key);
  if (const auto expanded = expand(text, fields); !expanded) problems_.add(*node, expanded.error().detail);
  if (node->kind == yaml::Node::Kind::scalar && (text.empty() || text.size() > max_length))
    problems_.add(*node, fmt::format("'{}' has 1 to {} characters", key, max_length));
  return text.empty() ? fallback : text;
}

}  // namespace hnbemu::config
