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
};

struct ParameterFault {
  std::string path;
  FaultCode code = FaultCode::internal_error;
  std::string text;
};

}  // namespace hnbemu::datamodel
