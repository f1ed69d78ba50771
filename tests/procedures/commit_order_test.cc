#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "doubles/simulated_clock.h"
#include "procedures/nonvolatile.h"

namespace hnbemu {
namespace {

// Each commit takes as long as the test says, and ends as it says.
class SlowStore : public Store {
 public:
  struct Commit {
    Millis time;
    bool well;
  };
  SlowStore(Clock& clock, std::vector<Commit> script) : clock_(clock), script_(std::move(script)) {}
  Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline) override {
    const auto how = script_.at(calls_++);
    const auto waited = co_await clock_.sleep_until(clock_.now() + how.time);
    if (!waited) co_return waited;
    if (!how.well) co_return fail(Cause::timeout, "scripted");
    for (const auto& write : writes) memory[write.key] = write.value.value_or("");
    co_return Result<>{};
  }
  Memory memory;

 private:
  Clock& clock_;
  std::vector<Commit> script_;
  std::size_t calls_ = 0;
};

class CommitOrderTest : public testing::Test {
 protected:
  void commit(procedures::NonVolatile& memory, const char* value) {
    memory.set_fact("name", value);
    commit_again(memory);
    clock_.run_for(Millis{1});  // it has begun
  }
  void commit_again(procedures::NonVolatile& memory) {
    boost::asio::co_spawn(io_, memory.commit(), [](const std::exception_ptr&, Result<>) {});
  }
  boost::asio::io_context io_;
  doubles::SimulatedClock clock_{io_};
};

TEST_F(CommitOrderTest, WhenAnOlderCommitFailsAfterANewerOne_ThenTheNewerValueStays) {
  SlowStore store(clock_, {{Millis{100}, false}, {Millis{10}, true}, {Millis{10}, true}});
  procedures::NonVolatile memory(store, clock_, {});
  commit(memory, "old");
  commit(memory, "new");
  clock_.run_for(Seconds{1});
  commit_again(memory);
  clock_.run_for(Seconds{1});
  EXPECT_EQ(store.memory["fact name"], "new");
}

TEST_F(CommitOrderTest, WhenBothFail_ThenTheNewerValueIsCommittedNext) {
  SlowStore store(clock_, {{Millis{100}, false}, {Millis{10}, false}, {Millis{10}, true}});
  procedures::NonVolatile memory(store, clock_, {});
  commit(memory, "old");
  commit(memory, "new");
  clock_.run_for(Seconds{1});
  commit_again(memory);
  clock_.run_for(Seconds{1});
  EXPECT_EQ(store.memory["fact name"], "new");
}

}  // namespace
}  // namespace hnbemu
