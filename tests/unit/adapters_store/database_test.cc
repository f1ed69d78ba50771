#include "adapters/store/database.h"

#include <fmt/format.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "adapters/store/commit.h"
#include "unit/adapters_store/store_test.h"

namespace hnbemu::store {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class DatabaseTest : public StoreTest {
 protected:
  void SetUp() override { open(); }

  // Keeps the store's thread busy for at least as long as the disk takes 100 MB.
  void occupy() {
    std::vector<StoreWrite> writes;
    writes.reserve(25);
    for (int i = 0; i < 25; ++i) writes.push_back({fmt::format("big {}", i), std::string(kMaxStoredBytes, 'x')});
    start("occupied", std::move(writes));
    io_.poll();
  }
};

TEST_F(DatabaseTest, WhenTheFileIsOpenedAgain_ThenEachDeviceHasWhatItCommitted) {
  const auto odd = "two\nlines, a \0 and \xff"s;
  EXPECT_TRUE(commit("hnb-0001", {{"a", "1"}, {"b", ""}, {"c", odd}, {"empty key follows", "x"}, {"", "y"}}));
  EXPECT_TRUE(commit("hnb-0002", {{"a", "2"}}));
  EXPECT_TRUE(commit("hnb-0001", {{"a", "3"}, {"empty key follows", std::nullopt}, {"never there", std::nullopt}}));
  open();
  EXPECT_THAT(load("hnb-0001"), ElementsAre(Pair("", "y"), Pair("a", "3"), Pair("b", ""), Pair("c", odd)));
  EXPECT_THAT(load("hnb-0002"), ElementsAre(Pair("a", "2")));
  EXPECT_THAT(load("hnb-0003"), IsEmpty());
}

TEST_F(DatabaseTest, WhenTheFileIsNew_ThenOnlyItsOwnerMayReadIt) {
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(DatabaseTest, WhenOneKeyIsWrittenManyTimes_ThenTheOrderOfTheCallsHolds) {
  for (int i = 0; i < 3000; ++i) start("hnb-0001", {{"count", std::to_string(i)}, {std::to_string(i), "x"}});
  run();
  for (const auto& outcome : outcomes_) EXPECT_TRUE(outcome && *outcome);
  open();
  EXPECT_EQ(load("hnb-0001").at("count"), "2999");
  EXPECT_EQ(load("hnb-0001").size(), 3001u);
}

TEST_F(DatabaseTest, WhenTheDatabaseIsClosed_ThenWhatIsQueuedIsWrittenFirst) {
  for (int i = 0; i < 2500; ++i) start("hnb-0001", {{std::to_string(i), "x"}});
  io_.poll();
  open();
  EXPECT_EQ(load("hnb-0001").size(), 2500u);
  run();
  for (const auto& outcome : outcomes_) EXPECT_TRUE(outcome && *outcome);
}

Task<int> commit_often(Store& store, int times) {
  int done = 0;
  for (int i = 0; i < times; ++i) {
    std::vector<StoreWrite> writes{{"count", std::to_string(i)}, {"again", std::to_string(i)}};
    const auto committed = co_await store.commit(std::move(writes), in(Seconds{30}));
    if (committed) ++done;
  }
  co_return done;
}

TEST_F(DatabaseTest, WhenManyDevicesCommitOnTwoThreads_ThenEachHasItsOwnLastValue) {
  constexpr int kDevices = 100;
  constexpr int kCommits = 40;
  boost::asio::io_context shards[2];
  std::vector<std::future<int>> done;
  for (int i = 0; i < kDevices; ++i) {
    auto& io = shards[i % 2];
    auto& store = *stores_.emplace_back(database_->store_of(io.get_executor(), fmt::format("hnb-{}", i)));
    done.push_back(boost::asio::co_spawn(io, commit_often(store, kCommits), boost::asio::use_future));
  }
  std::thread other([&] { shards[1].run(); });
  shards[0].run();
  other.join();
  for (auto& each : done) EXPECT_EQ(each.get(), kCommits);
  open();
  const auto last = std::to_string(kCommits - 1);
  for (int i = 0; i < kDevices; ++i) {
    EXPECT_THAT(load(fmt::format("hnb-{}", i)), ElementsAre(Pair("again", last), Pair("count", last)));
  }
}

TEST_F(DatabaseTest, WhenTheDiskIsTooSlow_ThenTheCallEndsAtItsDeadlineAndTheCommitMayComeLater) {
  occupy();
  const auto& late = start("hnb-0001", {{"a", "1"}}, in(Millis{1}));
  io_.restart();
  while (!late && io_.run_one_for(Seconds{10}) > 0) {
  }
  ASSERT_TRUE(late);
  ASSERT_FALSE(*late);
  EXPECT_EQ(late->error().cause, Cause::timeout);
  run();
  EXPECT_TRUE(outcomes_.front() && *outcomes_.front());
  open();
  EXPECT_THAT(load("hnb-0001"), ElementsAre(Pair("a", "1")));
}

TEST_F(DatabaseTest, WhenTheDeviceIsStopped_ThenTheCallIsCancelled) {
  occupy();
  const auto& stopped = start("hnb-0001", {{"a", "1"}});
  io_.restart();
  io_.poll();
  cancels_.back().emit(boost::asio::cancellation_type::terminal);
  run();
  ASSERT_TRUE(stopped);
  ASSERT_FALSE(*stopped);
  EXPECT_EQ(stopped->error().cause, Cause::cancelled);
}

// Under AddressSanitizer this is what finds a completion that reaches for a thread that has gone.
TEST_F(DatabaseTest, WhenTheDevicesThreadIsGoneBeforeItsCommit_ThenTheCommitIsWrittenAllTheSame) {
  {
    boost::asio::io_context gone;
    const auto first = database_->store_of(gone.get_executor(), "first");
    const auto second = database_->store_of(gone.get_executor(), "second");
    boost::asio::co_spawn(gone, commit_often(*first, 1), boost::asio::detached);
    boost::asio::co_spawn(gone, commit_often(*second, 1), boost::asio::detached);
    gone.poll();
  }
  open();
  EXPECT_EQ(load("second").at("count"), "0");
}

TEST_F(DatabaseTest, WhenAKeyOrAValueIsTooLong_ThenNothingOfTheCommitIsWrittenAndTheErrorNamesIt) {
  const auto long_key = commit("hnb-0001", {{"a", "1"}, {std::string(kMaxKeyBytes + 1, 'k'), "2"}});
  ASSERT_FALSE(long_key);
  EXPECT_EQ(long_key.error().cause, Cause::resources);
  const auto long_value = commit("hnb-0001", {{"a", "1"}, {"b", std::string(kMaxStoredBytes + 1, 'v')}});
  ASSERT_FALSE(long_value);
  EXPECT_THAT(long_value.error().detail, HasSubstr("hnb-0001: 'b' has too long a value"));
  EXPECT_THAT(load("hnb-0001"), IsEmpty());
}

TEST(CommitQueueTest, WhenTooManyCommitsWait_ThenTheNextIsRefusedUntilAGroupIsTaken) {
  boost::asio::io_context io;
  boost::asio::steady_timer waiter(io);
  CommitQueue queue;
  const auto one = [&](std::size_t bytes) {
    std::vector<StoreWrite> writes{{"", std::string(bytes, 'x')}};
    return std::make_shared<Commit>("hnb-0001", std::move(writes), waiter);
  };
  for (std::size_t i = 0; i < kMaxQueuedCommits; ++i) ASSERT_TRUE(queue.push(one(1)));
  EXPECT_EQ(queue.push(one(1)).error().cause, Cause::resources);
  EXPECT_EQ(queue.take_group().size(), kMaxGroup);
  EXPECT_TRUE(queue.push(one(1)));
  while (!queue.empty()) queue.take_group();
  const auto big = one(kMaxStoredBytes);
  for (std::size_t i = 0; i < kMaxQueuedBytes / kMaxStoredBytes; ++i) ASSERT_TRUE(queue.push(big));
  EXPECT_EQ(queue.push(one(1)).error().cause, Cause::resources);
}

}  // namespace
}  // namespace hnbemu::store
