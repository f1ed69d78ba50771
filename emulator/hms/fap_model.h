#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cwmp/messages.h"

// Which data model a device speaks, told from its Inform, and where the places of TS 32.583 and TS 32.593 are in it.
namespace hnbemu::hms {

enum class Root : std::uint8_t { internet_gateway_device, device };  // TR-098 and TR-181

enum class Radio : std::uint8_t {
  fap1_umts,  // TR-196 issue 1: FAPControl.OpState
  fap2_umts,  // TR-196 issue 2: FAPControl.UMTS.OpState
  fap2_lte,   // TR-196 issue 2: FAPControl.LTE.OpState
};

struct FapModel {
  Root root = Root::device;
  Radio radio = Radio::fap2_lte;
  std::string service;  // "Device.Services.FAPService.1."

  std::string_view root_object() const;  // "Device."
  std::string control() const;           // "Device.Services.FAPService.1.FAPControl.LTE."
  std::string gateway_object() const;    // the Gateway object of the radio
  std::string gateway() const;           // HNB-GW or MME: FAPGWServer1, S1SigLinkServerList
  std::string latitude() const;          // GPS position, millionths of a degree
  std::string longitude() const;
  std::string fault_management() const;  // the FaultMgmt object
  std::string management_server() const;
};

// TR-069 A.3.3.1: the parameters of every Inform begin with the root object's name.
FapModel model_of(const cwmp::Inform& inform);

const cwmp::ParameterValueStruct* find_parameter(const std::vector<cwmp::ParameterValueStruct>& list,
                                                 std::string_view name);

// Position in degrees, if the Inform has one.
struct Position {
  double latitude = 0;
  double longitude = 0;
};
std::optional<Position> position_of(const cwmp::Inform& inform, const FapModel& model);

}  // namespace hnbemu::hms
