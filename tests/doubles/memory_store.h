#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/store.h"

namespace hnbemu::doubles {

// A store in plain sight, which may refuse.
class MemoryStore : public Store {
 public:
  // One call alone, the first is 0: so that an exchange can be replayed with a failure at each.
  void fail_commit(unsigned index, Error error) {
    fail_at_ = index;
    error_ = std::move(error);
  }
  Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline) override {
    if (fail_at_ == calls_++) co_return tl::unexpected(error_);
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

 private:
  unsigned calls_ = 0;
  std::optional<unsigned> fail_at_;
  Error error_;
};

}  // namespace hnbemu::doubles
