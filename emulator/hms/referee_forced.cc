#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "hms/referee.h"

namespace hnbemu::hms::referee {
namespace {

using cwmp::Inform;

constexpr std::array<std::string_view, 7> kForcedIgd = {
    "DeviceSummary",
    "DeviceInfo.SpecVersion",
    "DeviceInfo.HardwareVersion",
    "DeviceInfo.SoftwareVersion",
    "DeviceInfo.ProvisioningCode",
    "ManagementServer.ParameterKey",
    "ManagementServer.ConnectionRequestURL",
};
constexpr std::array<std::string_view, 6> kForcedDevice1 = {
    "DeviceSummary",
    "DeviceInfo.HardwareVersion",
    "DeviceInfo.SoftwareVersion",
    "ManagementServer.ParameterKey",
    "ManagementServer.ConnectionRequestURL",
    "LAN.IPAddress",
};
constexpr std::array<std::string_view, 6> kForcedDevice2 = {
    "RootDataModelVersion",        "DeviceInfo.HardwareVersion",    "DeviceInfo.SoftwareVersion",
    "DeviceInfo.ProvisioningCode", "ManagementServer.ParameterKey", "ManagementServer.ConnectionRequestURL",
};

constexpr std::size_t kMaxStates = 64;  // looked at in one Inform: a few cells of a few technologies

bool has(const Inform& inform, std::string_view name) {
  return find_parameter(inform.parameters, name) != nullptr;
}

void require(const Inform& inform, const std::string& name, Findings& findings) {
  if (!has(inform, name)) findings.add(Rule::forced_parameter, fmt::format("{} is missing from the Inform", name));
}

// TR-098: the address of the default WAN connection.
bool has_external_address(const Inform& inform) {
  return std::ranges::any_of(inform.parameters, [](const auto& parameter) {
    return parameter.name.starts_with("InternetGatewayDevice.WANDevice.") &&
           parameter.name.ends_with(".ExternalIPAddress") &&
           (parameter.name.find("WANIPConnection.") != std::string::npos ||
            parameter.name.find("WANPPPConnection.") != std::string::npos);
  });
}

bool is_state(std::string_view name) {
  return name.find(".FAPControl.") != std::string_view::npos &&
         (name.ends_with(".OpState") || name.ends_with(".RFTxStatus"));
}

// TR-196: both states of each technology that the device has.
void check_fap_states(const Inform& inform, const FapModel& model, Findings& findings) {
  std::size_t states = 0;
  for (const auto& parameter : inform.parameters) {
    if (!is_state(parameter.name)) continue;
    if (++states > kMaxStates) return;
    const std::string object = parameter.name.substr(0, parameter.name.rfind('.') + 1);
    require(inform, object + (parameter.name.ends_with(".OpState") ? "RFTxStatus" : "OpState"), findings);
  }
  if (states > 0) return;
  findings.add(Rule::forced_parameter,
               fmt::format("{0}OpState and {0}RFTxStatus are missing from the Inform", model.control()));
}

}  // namespace

void check_forced_parameters(const Inform& inform, Findings& findings) {
  const FapModel model = model_of(inform);
  const std::string root(model.root_object());
  const auto require_all = [&](const auto& names) {
    for (const std::string_view name : names) require(inform, root + std::string(name), findings);
  };
  if (model.root == Root::internet_gateway_device) {
    require_all(kForcedIgd);
    if (!has_external_address(inform)) {
      findings.add(Rule::forced_parameter, "the ExternalIPAddress of the default WAN connection is missing");
    }
  } else if (has(inform, "Device.DeviceSummary")) {
    require_all(kForcedDevice1);
  } else {
    require_all(kForcedDevice2);
  }
  const bool foreign =
      std::ranges::any_of(inform.parameters, [&](const auto& parameter) { return !parameter.name.starts_with(root); });
  if (foreign) findings.add(Rule::parameter_name, fmt::format("a parameter stands outside the root object {}", root));
  check_fap_states(inform, model, findings);
}

}  // namespace hnbemu::hms::referee
