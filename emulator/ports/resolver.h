#pragma once

#include <string>
#include <vector>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

class Resolver {
 public:
  virtual ~Resolver() = default;
  // All A records of `name`, in the server's order, at least one; asks the path's own DNS servers, never the host's.
  // Errors: dns_no_such_name, dns_failure, timeout, cancelled.
  virtual Task<Result<std::vector<IpAddress>>> resolve(std::string name, Path path, Deadline deadline) = 0;
};

}  // namespace hnbemu
