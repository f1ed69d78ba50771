#pragma once

#include <map>
#include <optional>
#include <string>

namespace hnbemu {

struct StandardParameter {
  std::string type;  // list parameters: the type of the items
  bool list = false;
  bool writable = false;
  bool hidden = false;
  bool forced_inform = false;
};
using StandardModel = std::map<std::string, StandardParameter>;  // by full path, {i} for instances

// The folder with the Broadband Forum's documents beside the source tree; nothing if it is not there.
std::optional<std::string> standard_documents();
// All parameters of a …-full.xml; their paths get `prefix`.
void read_standard(const std::string& file, const std::string& prefix, StandardModel& model);

}  // namespace hnbemu
