#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>

#include "hms/referee.h"

namespace hnbemu::hms::referee {
namespace {

using cwmp::Body;
using cwmp::Fault;

template <class Request, class Answer>
bool pairs(const Body& request, const Body& answer) {
  return std::holds_alternative<Request>(request) && std::holds_alternative<Answer>(answer);
}

// A full name stands for itself, a partial path for all below it.
bool covers(std::string_view asked, std::string_view name) {
  return asked.empty() || asked == name || (asked.ends_with('.') && name.starts_with(asked));
}

void check_values(const cwmp::GetParameterValues& request, const cwmp::GetParameterValuesResponse& answer,
                  Findings& findings) {
  for (const std::string& asked : request.names) {
    const bool full_name = !asked.empty() && !asked.ends_with('.');
    if (full_name && find_parameter(answer.parameters, asked) == nullptr) {
      findings.add(Rule::answer_scope, fmt::format("GetParameterValues asked for {}, the answer has it not", asked));
    }
  }
  for (const auto& parameter : answer.parameters) {
    const bool wanted =
        std::ranges::any_of(request.names, [&](const std::string& asked) { return covers(asked, parameter.name); });
    if (!wanted) findings.add(Rule::answer_scope, fmt::format("{} was not asked for", parameter.name));
  }
  check_parameters(answer.parameters, findings);
}

// TR-069 A.3.2.3: the children of the path, or the path and all below it.
void check_names(const cwmp::GetParameterNames& request, const cwmp::GetParameterNamesResponse& answer,
                 Findings& findings) {
  const std::string& path = request.path;
  bool has_path = path.empty();
  for (const auto& parameter : answer.parameters) {
    const std::string_view name = parameter.name;
    has_path = has_path || name == path;
    if (!covers(path, name)) {
      findings.add(Rule::answer_scope, fmt::format("{} is not below {}", name, path));
      continue;
    }
    if (!request.next_level) continue;
    const std::string_view rest = name.substr(std::min(path.size(), name.size()));
    const std::size_t dot = rest.find('.');
    if (rest.empty() || (dot != std::string_view::npos && dot + 1 != rest.size())) {
      findings.add(Rule::answer_scope, fmt::format("{} is not of the level next to '{}'", name, path));
    }
  }
  if (!request.next_level && !has_path) {
    findings.add(Rule::answer_scope, fmt::format("GetParameterNames asked for {}, the answer has it not", path));
  }
}

bool is_cpe_fault(int code) {
  return (code >= 9000 && code <= 9032) || (code >= 9800 && code <= 9899);
}

// TR-069 A.5.1: whose fault it is follows from the code.
bool is_sender_fault(int code) {
  return code == 9003 || (code >= 9005 && code <= 9008);
}

void check_fault(const Body& request, const Fault& fault, Findings& findings) {
  // SOAP 1.1 4.4.1: these come without a CWMP fault.
  if (fault.code == 0 && (fault.soap_code == "MustUnderstand" || fault.soap_code == "VersionMismatch")) return;
  if (!is_cpe_fault(fault.code)) {
    findings.add(Rule::fault_format, fmt::format("fault code {} is none of a device's", fault.code));
  }
  const bool by_sender = fault.soap_code == "Client";
  if ((!by_sender && fault.soap_code != "Server") || (!by_sender && is_sender_fault(fault.code))) {
    findings.add(Rule::fault_format, fmt::format("fault {} has the SOAP faultcode '{}'", fault.code, fault.soap_code));
  }
  const auto* set = std::get_if<cwmp::SetParameterValues>(&request);
  if (set == nullptr) {
    if (!fault.set_parameter_values_faults.empty()) {
      findings.add(Rule::fault_format, "SetParameterValuesFault answers another method");
    }
    return;
  }
  if (!fault.set_parameter_values_faults.empty() && fault.code != 9003) {
    findings.add(Rule::fault_format, fmt::format("SetParameterValuesFault with fault {} instead of 9003", fault.code));
  }
  for (const auto& one : fault.set_parameter_values_faults) {
    if (find_parameter(set->parameters, one.parameter) == nullptr) {
      findings.add(Rule::fault_format, fmt::format("SetParameterValuesFault for {}, which was not set", one.parameter));
    }
    if (!is_cpe_fault(one.code)) {
      findings.add(Rule::fault_format, fmt::format("fault code {} for {}", one.code, one.parameter));
    }
  }
}

}  // namespace

bool is_answer_to(const Body& request, const Body& answer) {
  return std::holds_alternative<Fault>(answer) ||
         pairs<cwmp::GetRpcMethods, cwmp::GetRpcMethodsResponse>(request, answer) ||
         pairs<cwmp::SetParameterValues, cwmp::SetParameterValuesResponse>(request, answer) ||
         pairs<cwmp::GetParameterValues, cwmp::GetParameterValuesResponse>(request, answer) ||
         pairs<cwmp::GetParameterNames, cwmp::GetParameterNamesResponse>(request, answer) ||
         pairs<cwmp::SetParameterAttributes, cwmp::SetParameterAttributesResponse>(request, answer) ||
         pairs<cwmp::GetParameterAttributes, cwmp::GetParameterAttributesResponse>(request, answer) ||
         pairs<cwmp::AddObject, cwmp::AddObjectResponse>(request, answer) ||
         pairs<cwmp::DeleteObject, cwmp::DeleteObjectResponse>(request, answer) ||
         pairs<cwmp::Reboot, cwmp::RebootResponse>(request, answer) ||
         pairs<cwmp::Download, cwmp::DownloadResponse>(request, answer) ||
         pairs<cwmp::Upload, cwmp::UploadResponse>(request, answer) ||
         pairs<cwmp::FactoryReset, cwmp::FactoryResetResponse>(request, answer) ||
         pairs<cwmp::ScheduleInform, cwmp::ScheduleInformResponse>(request, answer);
}

void check_answer(const Body& request, const Body& answer, Findings& findings) {
  if (const auto* fault = std::get_if<Fault>(&answer)) {
    check_fault(request, *fault, findings);
  } else if (const auto* values = std::get_if<cwmp::GetParameterValuesResponse>(&answer)) {
    check_values(std::get<cwmp::GetParameterValues>(request), *values, findings);
  } else if (const auto* names = std::get_if<cwmp::GetParameterNamesResponse>(&answer)) {
    check_names(std::get<cwmp::GetParameterNames>(request), *names, findings);
  } else if (const auto* set = std::get_if<cwmp::SetParameterValuesResponse>(&answer)) {
    if (set->status != 0 && set->status != 1) {
      findings.add(Rule::answer_status, fmt::format("Status is {}; it must be 0 or 1", set->status));
    }
  }
}

}  // namespace hnbemu::hms::referee
