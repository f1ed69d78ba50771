#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <boost/asio/detached.hpp>
#include <csignal>
#include <random>
#include <thread>

#include "base/unique_fd.h"
#include "unit/adapters_store/store_test.h"

namespace hnbemu::store {
namespace {

constexpr int kKills = 20;
constexpr int kDevices = 8;

using Counts = std::array<long, kDevices>;

struct Acknowledged {
  int device = 0;
  long count = 0;
};

std::string name(int device) {
  return fmt::format("hnb-{}", device);
}

// Two keys with one value in each commit; what is acknowledged goes into the pipe at once.
Task<void> count_up(Store& store, int device, long from, int pipe) {
  for (Acknowledged next{device, from + 1};; ++next.count) {
    std::vector<StoreWrite> writes{{"count", std::to_string(next.count)}, {"twin", std::to_string(next.count)}};
    const auto committed = co_await store.commit(std::move(writes), in(Seconds{30}));
    if (!committed || ::write(pipe, &next, sizeof next) != sizeof next) ::_exit(1);
  }
}

[[noreturn]] void count_until_killed(const std::string& file, const Counts& from, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = Database::open(file, Durability::process_crash);
  if (!database) ::_exit(1);
  boost::asio::io_context io;
  std::vector<std::unique_ptr<Store>> stores;
  for (int device = 0; device < kDevices; ++device) {
    stores.push_back((*database)->store_of(io.get_executor(), name(device)));
    boost::asio::co_spawn(io, count_up(*stores.back(), device, from[device], pipe), boost::asio::detached);
  }
  io.run();
  ::_exit(1);
}

using KillTest = StoreTest;

TEST_F(KillTest, WhenTheProcessIsKilledWhileItCommits_ThenEveryAcknowledgedCommitIsThere) {
  std::mt19937 moments(20260721);
  Counts acknowledged{};
  for (int kill = 0; kill < kKills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) count_until_killed(file_, acknowledged, ends[1]);
    ASSERT_GT(child, 0);
    const UniqueFd from(ends[0]);
    UniqueFd(ends[1]).reset();
    // From the first acknowledgement on, so that a slow machine kills no later than a fast one.
    Acknowledged one;
    const auto pause = std::chrono::microseconds(std::uniform_int_distribution(0, 20'000)(moments));
    bool killed = false;
    while (::read(from.get(), &one, sizeof one) == sizeof one) {
      acknowledged[one.device] = one.count;
      if (std::exchange(killed, true)) continue;
      std::this_thread::sleep_for(pause);
      ::kill(child, SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child failed before it was killed";

    open();
    for (int device = 0; device < kDevices; ++device) {
      const auto memory = load(name(device));
      if (memory.empty()) continue;
      EXPECT_GE(std::stol(memory.at("count")), acknowledged[device]) << "kill " << kill;
      EXPECT_EQ(memory.at("count"), memory.at("twin"));
      acknowledged[device] = std::stol(memory.at("count"));
    }
    database_.reset();
  }
}

}  // namespace
}  // namespace hnbemu::store
