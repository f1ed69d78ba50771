#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datamodel/data_model.h"

// Alias-Based Addressing (TR-069 3.6.1): "[alias]" in place of an instance number. The data model understands it
// wherever it takes a path; this is what ManagementServer.InstanceMode and AutoCreateInstances add to that.
namespace hnbemu::cwmp {

// "Device.ManagementServer.", as `parameter` is in it; "" for "".
std::string_view object_of(std::string_view parameter);

// How the device names things to the ACS: with aliases if it has them and the ACS wants them (InstanceMode), with
// numbers else. For one message: it remembers the rows that it has named.
class PathNames {
 public:
  PathNames(const datamodel::DataModel& model, std::string_view management_server);
  std::string shown(std::string path);  // of a path with instance numbers; rows without an Alias keep theirs

 private:
  const std::string& row(std::string_view path);  // "Device.T.1." as it is shown
  const datamodel::DataModel& model_;
  bool aliases_ = false;
  std::map<std::string, std::string, std::less<>> rows_;
};

inline constexpr std::size_t kMaxCreated = 64;  // rows of one SetParameterValues; more: fault 9004

// SetParameterValues that may name rows which are not there, by alias (A.3.2.1, AutoCreateInstances): those come first,
// and go again if something is at fault. Each parameter below a row that could not be added is at fault with the
// reason.
tl::expected<void, std::vector<datamodel::ParameterFault>> set_creating(
    datamodel::DataModel& model, const std::vector<datamodel::Assignment>& assignments);
// Whether the device does so now.
bool creates_instances(const datamodel::DataModel& model, std::string_view management_server);

}  // namespace hnbemu::cwmp
