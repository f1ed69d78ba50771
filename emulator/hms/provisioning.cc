#include "hms/provisioning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hnbemu::hms {
namespace {

constexpr int kRequestDenied = 8001;  // TR-069 A.5.2
constexpr int kForbidden = 403;
constexpr std::string_view kPerfMgmt = ".PerfMgmt.";

std::string expand(std::string text, const FapModel& model) {
  const std::array<std::pair<std::string_view, std::string>, 5> places = {{
      {"{root}", std::string(model.root_object())},
      {"{service}", model.service},
      {"{control}", model.control()},
      {"{gateway}", model.gateway_object()},
      {"{management_server}", model.management_server()},
  }};
  for (const auto& [place, path] : places) {
    const std::size_t at = text.find(place);
    if (at != std::string::npos) text.replace(at, place.size(), path);
  }
  return text;
}

void add_discovery(const ProvisioningRule& rule, const FapModel& model, cwmp::SetParameterValues& set) {
  if (!rule.serving_segw.empty()) {
    set.parameters.push_back({model.gateway_object() + "SecGWServer1", rule.serving_segw, "xsd:string"});
  }
  if (!rule.serving_hms.empty()) {
    set.parameters.push_back({model.management_server() + "URL", rule.serving_hms, "xsd:string"});
  }
}

void add_registration(const ProvisioningRule& rule, const FapModel& model, cwmp::SetParameterValues& set) {
  if (rule.periodic_inform_interval) {
    const auto interval = rule.periodic_inform_interval->count();
    set.parameters.push_back(
        {model.management_server() + "PeriodicInformEnable", interval > 0 ? "true" : "false", "xsd:boolean"});
    if (interval > 0) {
      set.parameters.push_back(
          {model.management_server() + "PeriodicInformInterval", fmt::format("{}", interval), "xsd:unsignedInt"});
    }
  }
  if (rule.admin_state) {
    set.parameters.push_back({model.control() + "AdminState", *rule.admin_state ? "true" : "false", "xsd:boolean"});
  }
}

// TR-196 issue 1 has an object of its own for it, TR-262 and TR-181 a table. Not every device has it, and what is set
// together is set whole or not at all: it is asked for alone.
cwmp::SetParameterValues measurement(const ProvisioningRule& rule, const FapModel& model) {
  cwmp::SetParameterValues set;
  set.parameter_key = rule.parameter_key;
  const bool table = model.radio != Radio::fap1_umts;
  const auto object =
      table ? std::string(model.root_object()) + "FAP.PerfMgmt.Config.1." : model.service + "PerfMgmt.FileMgmt.";
  const auto interval = fmt::format("{}", rule.measurement_interval.count());
  set.parameters.push_back({object + "URL", rule.measurement_url, "xsd:string"});
  set.parameters.push_back({object + "PeriodicUploadInterval", interval, "xsd:unsignedInt"});
  set.parameters.push_back({object + (table ? "Enable" : "PeriodicUploadEnable"), "true", "xsd:boolean"});
  return set;
}

cwmp::GetParameterValues states(const FapModel& model) {
  return {{model.control() + "OpState", model.control() + "RFTxStatus"}};
}

// TS 32.583 5.5.2.
cwmp::SetParameterAttributes alarm_notifications(const FapModel& model) {
  constexpr std::uint32_t kPassive = 1, kActive = 2;
  return {{{model.fault_management() + "ExpeditedEvent.", true, kActive, false, {}},
           {model.fault_management() + "QueuedEvent.", true, kPassive, false, {}}}};
}

}  // namespace

bool BoundingBox::contains(const Position& position) const {
  return position.latitude >= south && position.latitude <= north && position.longitude >= west &&
         position.longitude <= east;
}

bool glob_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;  // where to go on when what follows the last * fails
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

bool matches(const Match& match, const cwmp::Inform& inform, const FapModel& model) {
  if (!glob_matches(match.oui, inform.device_id.oui)) return false;
  if (!glob_matches(match.product_class, inform.device_id.product_class)) return false;
  if (!glob_matches(match.serial, inform.device_id.serial_number)) return false;
  if (match.root && *match.root != model.root) return false;
  if (!match.location) return true;
  const auto position = position_of(inform, model);
  return position && match.location->contains(*position);
}

ProvisioningRule default_rule(Role role) {
  ProvisioningRule rule;
  rule.parameter_key = role == Role::initial ? "discovery-1" : "registration-1";
  rule.get = {"{root}DeviceInfo.SoftwareVersion"};
  if (role != Role::initial) {
    rule.get.emplace_back("{control}AdminState");
    rule.admin_state = true;
    rule.alarms = true;
    rule.periodic_inform_interval = Seconds(300);
  }
  return rule;
}

std::vector<cwmp::Body> requests_of(const ProvisioningRule& rule, Role role, const FapModel& model, bool fresh) {
  std::vector<cwmp::Body> requests;
  if (!fresh) {
    if (role != Role::initial) requests.emplace_back(states(model));
    return requests;
  }
  cwmp::GetParameterValues get;
  for (const std::string& name : rule.get) get.names.push_back(expand(name, model));
  if (!get.names.empty()) requests.emplace_back(std::move(get));
  if (rule.refusal == Refusal::no_serving_elements) return requests;

  cwmp::SetParameterValues set;
  set.parameter_key = rule.parameter_key;
  if (role != Role::serving) add_discovery(rule, model, set);
  if (!rule.gateway.empty()) set.parameters.push_back({model.gateway(), rule.gateway, "xsd:string"});
  if (role != Role::initial) add_registration(rule, model, set);
  for (const Setting& setting : rule.set) {
    set.parameters.push_back({expand(setting.name, model), setting.value, setting.type});
  }
  if (!set.parameters.empty()) requests.emplace_back(std::move(set));
  if (role != Role::initial && !rule.measurement_url.empty()) requests.emplace_back(measurement(rule, model));
  if (role != Role::initial && rule.alarms) requests.emplace_back(alarm_notifications(model));
  if (role != Role::initial) requests.emplace_back(states(model));
  return requests;
}

bool may_fail(const cwmp::Body& request) {
  const auto* const set = std::get_if<cwmp::SetParameterValues>(&request);
  return set == nullptr || std::ranges::all_of(set->parameters, [](const auto& parameter) {
           return parameter.name.find(kPerfMgmt) != std::string::npos;
         });
}

Decision decide(const ProvisioningRule& rule, Role role, const FapModel& model, bool fresh) {
  Decision decision;
  switch (rule.refusal) {
    case Refusal::cwmp_fault:
      decision.fault = cwmp::Fault{"Server", kRequestDenied, rule.refusal_text, {}};
      break;
    case Refusal::http_status:
      decision.http_status = kForbidden;
      break;
    case Refusal::none:
    case Refusal::no_serving_elements:
      decision.requests = requests_of(rule, role, model, fresh);
      break;
  }
  return decision;
}

}  // namespace hnbemu::hms
