#include "hms/config_yaml.h"

#include <fmt/format.h>

#include "base/number.h"
#include "base/url.h"

namespace hnbemu::hms {
namespace {

namespace yaml = config::yaml;

constexpr std::int64_t kMaxSeconds = 7LL * 24 * 3600;

// What a plain scalar looks like; a quoted one is a string.
std::string type_of(const yaml::Node& value) {
  if (!value.plain) return "xsd:string";
  if (value.text == "true" || value.text == "false") return "xsd:boolean";
  if (parse_number<std::uint32_t>(value.text)) return "xsd:unsignedInt";
  return parse_number<std::int32_t>(value.text) ? "xsd:int" : "xsd:string";
}

Setting read_setting(const std::string& name, const yaml::Node& value, yaml::Problems& problems) {
  if (value.kind == yaml::Node::Kind::scalar) return {name, value.text, type_of(value)};
  yaml::Map map(value, problems, "a parameter's value");
  Setting setting{name, map.text("value"), map.text("type", "xsd:string")};
  map.finish();
  return setting;
}

std::vector<Setting> read_settings(const yaml::Node* node, yaml::Problems& problems) {
  std::vector<Setting> settings;
  if (node == nullptr) return settings;
  if (node->kind != yaml::Node::Kind::map) {
    problems.add(*node, "set is a map of parameter names to values");
    return settings;
  }
  for (const auto& [key, value] : node->entries) settings.push_back(read_setting(key->text, *value, problems));
  return settings;
}

BoundingBox read_box(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "a location");
  BoundingBox box;
  box.south = map.number("south", {-90, 90}, box.south);
  box.north = map.number("north", {-90, 90}, box.north);
  box.west = map.number("west", {-180, 180}, box.west);
  box.east = map.number("east", {-180, 180}, box.east);
  map.finish();
  if (box.south > box.north || box.west > box.east) problems.add(node, "the location is empty");
  return box;
}

std::string read_glob(yaml::Map& map, std::string_view key) {
  std::string glob = map.text(key, "*");
  if (glob.size() > kMaxGlobLength) map.problems().add(map.node(), "a pattern is too long");
  return glob;
}

Match read_match(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "a match");
  Match match;
  match.oui = read_glob(map, "oui");
  match.product_class = read_glob(map, "product_class");
  match.serial = read_glob(map, "serial");
  const std::string root = map.choice("root", {"InternetGatewayDevice", "Device"}, "");
  if (root == "Device") match.root = Root::device;
  if (root == "InternetGatewayDevice") match.root = Root::internet_gateway_device;
  if (const yaml::Node* box = map.get("location")) match.location = read_box(*box, problems);
  map.finish();
  return match;
}

Refusal refusal_of(std::string_view name) {
  if (name == "cwmp_fault") return Refusal::cwmp_fault;
  if (name == "http_status") return Refusal::http_status;
  return name == "no_serving_elements" ? Refusal::no_serving_elements : Refusal::none;
}

ProvisioningRule read_rule(const yaml::Node& node, Role role, yaml::Problems& problems) {
  yaml::Map map(node, problems, "a rule");
  ProvisioningRule rule = default_rule(role);
  rule.name = map.text("name", rule.name);
  if (const yaml::Node* match = map.get("match")) rule.match = read_match(*match, problems);
  rule.refusal = refusal_of(map.choice("refuse", {"cwmp_fault", "http_status", "no_serving_elements"}, ""));
  rule.refusal_text = map.text("refusal_text", rule.refusal_text);
  rule.serving_segw = map.text("serving_segw");
  rule.serving_hms = map.text("serving_hms");
  if (const yaml::Node* url = map.get("serving_hms"); url != nullptr && !rule.serving_hms.empty()) {
    if (const auto parsed = Url::parse(rule.serving_hms); !parsed) problems.add(*url, parsed.error().detail);
  }
  rule.gateway = map.text("gateway");
  if (map.has("admin_state")) rule.admin_state = map.flag("admin_state", true);
  if (map.has("periodic_inform_interval_s")) {
    rule.periodic_inform_interval = Seconds(map.integer("periodic_inform_interval_s", {0, kMaxSeconds}, 0));
  }
  rule.alarms = map.flag("alarms", rule.alarms);
  rule.parameter_key = map.text("parameter_key", rule.parameter_key);
  if (map.has("get")) rule.get = map.texts("get");
  rule.set = read_settings(map.get("set"), problems);
  map.finish();
  return rule;
}

Authentication read_authentication(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "an authentication");
  Authentication authentication;
  const std::string scheme = map.choice("scheme", {"none", "basic", "digest"}, "none");
  if (scheme == "basic") authentication.scheme = Authentication::Scheme::basic;
  if (scheme == "digest") authentication.scheme = Authentication::Scheme::digest;
  if (map.choice("algorithm", {"MD5", "SHA-256"}, "MD5") == "SHA-256") {
    authentication.algorithm = Authentication::Algorithm::sha256;
  }
  authentication.realm = map.text("realm", authentication.realm);
  if (const yaml::Node* accounts = map.get("accounts")) {
    yaml::Map all(*accounts, problems, "accounts");
    for (const auto& [user, password] : accounts->entries) {
      authentication.accounts.emplace(user->text, all.text(user->text));
    }
  }
  map.finish();
  return authentication;
}

}  // namespace

Config read_config(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "an HMS");
  Config config;
  const std::string role = map.choice("role", {"initial", "serving", "combined"}, "serving");
  if (role == "initial") config.role = Role::initial;
  if (role == "combined") config.role = Role::combined;
  if (const yaml::Node* authentication = map.get("authentication")) {
    config.authentication = read_authentication(*authentication, problems);
  }
  config.client_certificate_required = map.flag("client_certificate_required", false);
  config.first_contact_is_bootstrap = map.flag("first_contact_is_bootstrap", true);
  config.session_timeout = Seconds(map.integer("session_timeout_s", {1, 3600}, 60));
  const yaml::Node* rules = map.get("rules");
  const auto items = yaml::items(rules, problems, "rules");
  if (items.size() > kMaxRules) problems.add(*rules, fmt::format("more than {} rules", kMaxRules));
  for (const yaml::NodePtr& item : items) config.rules.push_back(read_rule(*item, config.role, problems));
  if (rules == nullptr) config.rules.push_back(default_rule(config.role));
  map.finish();
  return config;
}

Result<Config> load_config(const std::string& file) {
  const auto node = yaml::load(file);
  if (!node) return tl::unexpected(node.error());
  yaml::Problems problems;
  Config config = read_config(**node, problems);
  if (const auto good = problems.result(); !good) return tl::unexpected(good.error());
  return config;
}

}  // namespace hnbemu::hms
