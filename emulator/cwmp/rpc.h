#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cwmp/deployment_units.h"
#include "cwmp/messages.h"
#include "cwmp/options.h"
#include "cwmp/transfers.h"
#include "datamodel/data_model.h"

namespace hnbemu::cwmp {

// What RPCs ask of the device for after the session.
struct Effects {
  std::vector<std::string> reboots;  // their CommandKeys; all of them are one reboot (A.3.2.9)
  bool factory_reset = false;
  std::optional<ScheduleInform> schedule_inform;  // the delay begins now; taken before the next request
};

inline constexpr std::size_t kMaxReboots = 16;           // in one session; more: fault 9004
inline constexpr std::size_t kMaxScheduledInforms = 16;  // more: fault 9004

// Which files the device takes and gives, by FileType (A.3.2.8, A.4.1.5).
struct FileTypes {
  std::function<bool(std::string_view)> can_download;
  std::function<bool(std::string_view)> can_upload;
  std::uint64_t max_bytes = 0;  // that a file may have
};

// SetVouchers, GetOptions and ChangeDUState: a device has those that its profile lists.
struct OptionalMethods {
  std::vector<std::string> listed;
  Options* options = nullptr;                   // never null if something is listed
  DeploymentUnits* deployment_units = nullptr;  // like this
};

struct RpcContext {
  datamodel::DataModel& model;
  std::string parameter_key_path;  // where ParameterKey is; "" if the profile has none
  Effects& effects;
  Transfers& transfers;
  const FileTypes& files;
  Version version = Version::v1_0;            // as agreed with the ACS
  WallTime now{};                             // when the request came
  int set_status = 0;                         // Status of a SetParameterValuesResponse
  std::size_t scheduled_informs = 0;          // that are not due yet
  const OptionalMethods* optional = nullptr;  // null: none is listed
  const DeviceId* device_id = nullptr;        // never null if there are optional methods
};

// One method of the device (TR-069 A.3, A.4). To add one: its structs in messages.h, its row in the codec, its handler
// and its row here.
struct Rpc {
  std::string_view name;
  Body (*handle)(RpcContext& context, const Body& request);
  Version since = Version::v1_0;  // earlier ones do not have it
  bool optional = false;          // a profile must list it
};

std::span<const Rpc> rpcs();

// The answer to any message of the ACS: the response, or a Fault.
Body answer(RpcContext& context, const Body& request);

std::string_view fault_text(datamodel::FaultCode code);  // TR-069 A.5.1
// Whose fault it is goes with the code.
Fault make_fault(datamodel::FaultCode code, std::string_view text = {});

}  // namespace hnbemu::cwmp
