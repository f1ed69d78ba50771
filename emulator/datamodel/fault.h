#pragma once

#include <string>
#include <vector>

namespace hnbemu::datamodel {

// CPE fault codes, TR-069 A.5.1.
enum class FaultCode : int {
  method_not_supported = 9000,
  request_denied = 9001,
  internal_error = 9002,
  invalid_arguments = 9003,
  resources_exceeded = 9004,
  invalid_parameter_name = 9005,
  invalid_parameter_type = 9006,
  invalid_parameter_value = 9007,
  non_writable_parameter = 9008,
  notification_rejected = 9009,
  download_failure = 9010,
  upload_failure = 9011,
  file_server_authentication = 9012,
  unsupported_protocol = 9013,
  multicast_group = 9014,
  cannot_contact_file_server = 9015,
  cannot_access_file = 9016,
  cannot_complete_download = 9017,
  file_corrupted = 9018,
  file_authentication = 9019,
  outside_time_windows = 9020,
  cancel_not_permitted = 9021,
};

struct ParameterFault {
  std::string path;
  FaultCode code = FaultCode::internal_error;
  std::string text;
};

}  // namespace hnbemu::datamodel
