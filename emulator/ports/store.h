#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/task.h"

namespace hnbemu {

// What a device remembers without power, as keys and texts; the device alone knows what they mean.
using Memory = std::map<std::string, std::string>;

struct StoreWrite {
  std::string key;
  std::optional<std::string> value;  // nothing: the key is forgotten
};

// The non-volatile memory of one device. It is read once, before the device powers up.
class Store {
 public:
  virtual ~Store() = default;
  // All or nothing, in the order of the calls; when it returns, SIGKILL of the emulator loses none of it. Errors:
  // resources (the disk is full, too many writes wait), system (read-only, broken), timeout (it may still be written),
  // cancelled (likewise).
  virtual Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline deadline) = 0;
};

}  // namespace hnbemu
