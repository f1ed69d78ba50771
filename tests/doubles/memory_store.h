#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/store.h"

namespace hnbemu::doubles {

// A store in plain sight, which may refuse.
class MemoryStore : public Store {
 public:
  Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline) override {
    if (refusal) co_return tl::unexpected(*refusal);
    for (auto& write : writes) {
      if (write.value) {
        memory[write.key] = std::move(*write.value);
      } else {
        memory.erase(write.key);
      }
    }
    ++commits;
    co_return Result<>{};
  }

  Memory memory;
  unsigned commits = 0;
  std::optional<Error> refusal;
};

}  // namespace hnbemu::doubles
