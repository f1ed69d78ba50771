#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

struct NameAnswer {
  enum class Code { answered, no_such_name, refused };  // refused: or the server failed; RFC 1035 4.1.1
  Code code = Code::answered;
  bool authoritative = false;
  std::string name;  // behind all aliases
  std::vector<IpAddress> addresses;
  std::chrono::microseconds time{0};
};

// Questions to one DNS server of the caller's choice, each asked once.
class NameLookup {
 public:
  virtual ~NameLookup() = default;
  // A records. Errors: timeout (the server said nothing), network (it cannot be reached), dns_failure (it spoke no
  // DNS), resources, cancelled.
  virtual Task<Result<NameAnswer>> look_up(std::string name, IpAddress server, Path path, Deadline deadline) = 0;
  // The name of an address; asked of the path's first server. Errors as above, and dns_no_such_name.
  virtual Task<Result<std::string>> name_of(IpAddress address, Path path, Deadline deadline) = 0;
};

}  // namespace hnbemu
