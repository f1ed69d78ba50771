#include "hms/fap_model.h"

#include <algorithm>

#include "base/number.h"

namespace hnbemu::hms {
namespace {

constexpr std::string_view kIgd = "InternetGatewayDevice.";
constexpr std::string_view kDevice = "Device.";
constexpr std::string_view kFapService = "Services.FAPService.";

// "Device.Services.FAPService.1." of "Device.Services.FAPService.1.FAPControl.LTE.OpState"; "" of other names.
std::string_view service_prefix(std::string_view name, std::string_view root) {
  if (!name.starts_with(root) || !name.substr(root.size()).starts_with(kFapService)) return {};
  const std::size_t begin = root.size() + kFapService.size();
  const std::size_t dot = name.find('.', begin);
  if (dot == std::string_view::npos || !parse_number<std::uint32_t>(name.substr(begin, dot - begin))) return {};
  return name.substr(0, dot + 1);
}

std::optional<double> degrees(const cwmp::ParameterValueStruct* parameter) {
  if (parameter == nullptr) return std::nullopt;
  const auto millionths = parse_number<std::int64_t>(parameter->value);
  if (!millionths) return std::nullopt;
  return static_cast<double>(*millionths) / 1e6;
}

}  // namespace

std::string_view FapModel::root_object() const {
  return root == Root::device ? kDevice : kIgd;
}

std::string FapModel::control() const {
  switch (radio) {
    case Radio::fap1_umts:
      return service + "FAPControl.";
    case Radio::fap2_umts:
      return service + "FAPControl.UMTS.";
    case Radio::fap2_lte:
      return service + "FAPControl.LTE.";
  }
  return {};
}

std::string FapModel::gateway_object() const {
  return service + (radio == Radio::fap2_lte ? "FAPControl.LTE.Gateway." : "FAPControl.UMTS.Gateway.");
}

std::string FapModel::gateway() const {
  return gateway_object() + (radio == Radio::fap2_lte ? "S1SigLinkServerList" : "FAPGWServer1");
}

std::string FapModel::latitude() const {
  return radio == Radio::fap1_umts ? service + "GPS.LockedLatitude"
                                   : std::string(root_object()) + "FAP.GPS.LockedLatitude";
}

std::string FapModel::longitude() const {
  return radio == Radio::fap1_umts ? service + "GPS.LockedLongitude"
                                   : std::string(root_object()) + "FAP.GPS.LockedLongitude";
}

std::string FapModel::fault_management() const {
  return (radio == Radio::fap1_umts ? service : std::string(root_object())) + "FaultMgmt.";
}

std::string FapModel::management_server() const {
  return std::string(root_object()) + "ManagementServer.";
}

FapModel model_of(const cwmp::Inform& inform) {
  FapModel model;
  for (const auto& parameter : inform.parameters) {
    if (parameter.name.starts_with(kIgd)) model.root = Root::internet_gateway_device;
  }
  model.service = std::string(model.root_object()) + std::string(kFapService) + "1.";
  model.radio = model.root == Root::internet_gateway_device ? Radio::fap1_umts : Radio::fap2_lte;
  for (const auto& parameter : inform.parameters) {
    const std::string_view prefix = service_prefix(parameter.name, model.root_object());
    if (prefix.empty()) continue;
    const std::string_view rest = std::string_view(parameter.name).substr(prefix.size());
    if (!rest.starts_with("FAPControl.") || !rest.ends_with("OpState")) continue;
    model.service = prefix;
    if (rest == "FAPControl.OpState") model.radio = Radio::fap1_umts;
    if (rest == "FAPControl.UMTS.OpState") model.radio = Radio::fap2_umts;
    if (rest == "FAPControl.LTE.OpState") model.radio = Radio::fap2_lte;
    break;
  }
  return model;
}

const cwmp::ParameterValueStruct* find_parameter(const std::vector<cwmp::ParameterValueStruct>& list,
                                                 std::string_view name) {
  const auto found = std::ranges::find(list, name, &cwmp::ParameterValueStruct::name);
  return found == list.end() ? nullptr : &*found;
}

std::optional<Position> position_of(const cwmp::Inform& inform, const FapModel& model) {
  const auto latitude = degrees(find_parameter(inform.parameters, model.latitude()));
  const auto longitude = degrees(find_parameter(inform.parameters, model.longitude()));
  if (!latitude || !longitude) return std::nullopt;
  return Position{*latitude, *longitude};
}

}  // namespace hnbemu::hms
