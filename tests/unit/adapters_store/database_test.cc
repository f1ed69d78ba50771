#include "adapters/store/database.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <random>

namespace hnbemu::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
namespace asio = boost::asio;

Deadline soon() {
  return Deadline::clock::now() + Seconds{10};
}

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() : folder_(fmt::format("{}hnbemu_store_{}", ::testing::TempDir(), ::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }
  void open() {
    auto database = Database::open(file_, Durability::process_crash);
    ASSERT_TRUE(database) << database.error().detail;
    database_ = std::move(*database);
  }
  Error open_error() {
    const auto database = Database::open(file_, Durability::process_crash);
    EXPECT_FALSE(database);
    return database ? Error{} : database.error();
  }
  Result<> commit(const std::string& device, std::vector<StoreWrite> writes, Deadline deadline = soon()) {
    const auto store = database_->store_of(io_.get_executor(), device);
    Result<> done = fail(Cause::system, "no answer");
    asio::co_spawn(io_, store->commit(std::move(writes), deadline), [&](const std::exception_ptr& bug, Result<> result) {
      if (!bug) done = std::move(result);
    });
    io_.run();
    io_.restart();
    return done;
  }
  std::string folder_;
  std::string file_ = folder_ + "/memory.sqlite";
  asio::io_context io_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, WhenCommitted_ThenItIsThereAfterReopening) {
  open();
  ASSERT_TRUE(commit("a", {{"k1", "one"}, {"k2", std::string("b\0b", 3)}, {"k3", "x"}}));
  ASSERT_TRUE(commit("a", {{"k3", std::nullopt}, {"k1", "two"}}));
  ASSERT_TRUE(commit("b", {{"k1", ""}}));
  database_.reset();
  open();
  EXPECT_THAT(database_->load("a").value(), ElementsAre(Pair("k1", "two"), Pair("k2", std::string("b\0b", 3))));
  EXPECT_THAT(database_->load("b").value(), ElementsAre(Pair("k1", "")));
  EXPECT_THAT(database_->load("none").value(), IsEmpty());
}

TEST_F(DatabaseTest, WhenManyDevicesCommitAtOnce_ThenAllOfThemAreAnsweredInTheirOrder) {
  open();
  asio::io_context io;
  constexpr int kDevices = 200;
  constexpr int kCommits = 20;
  int answered = 0;
  std::vector<std::unique_ptr<Store>> stores;
  for (int i = 0; i < kDevices; ++i) stores.push_back(database_->store_of(io.get_executor(), fmt::format("d{}", i)));
  const auto work = [&](Store& store) -> Task<void> {
    for (int i = 0; i < kCommits; ++i) {
      std::vector<StoreWrite> writes{{"last", fmt::to_string(i)}, {fmt::format("k{}", i), "v"}};
      const auto done = co_await store.commit(std::move(writes), soon());
      answered += done ? 1 : 0;
    }
  };
  for (auto& store : stores) asio::co_spawn(io, work(*store), asio::detached);
  io.run();
  EXPECT_EQ(answered, kDevices * kCommits);
  for (int i = 0; i < kDevices; ++i) {
    const auto memory = database_->load(fmt::format("d{}", i)).value();
    EXPECT_EQ(memory.at("last"), fmt::to_string(kCommits - 1));
    EXPECT_EQ(memory.size(), kCommits + 1u);
  }
}

TEST_F(DatabaseTest, WhenAWriteIsTooLong_ThenNothingOfItsCommitIsKept) {
  open();
  const auto done = commit("a", {{"k", "v"}, {"big", std::string(kMaxStoredBytes + 1, 'x')}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().cause, Cause::resources);
  EXPECT_THAT(database_->load("a").value(), IsEmpty());
}

TEST_F(DatabaseTest, WhenTheDeadlineHasPassed_ThenTheCallEnds) {
  open();
  const auto done = commit("a", {{"k", "v"}}, Deadline::clock::now() - Seconds{1});
  EXPECT_TRUE(done || done.error().cause == Cause::timeout);
}

// A child that commits and says so is killed: what it has said is there.
TEST_F(DatabaseTest, WhenKilledAtAnyMoment_ThenWhatWasAcknowledgedIsThere) {
  std::mt19937 random(3);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto child = ::fork();
    if (child == 0) {
      open();
      for (std::uint64_t i = acknowledged + 1;; ++i) {
        if (!commit("a", {{"last", fmt::to_string(i)}})) ::_exit(1);
        if (::write(ends[1], &i, sizeof i) != sizeof i) ::_exit(1);
      }
    }
    ::close(ends[1]);
    ::usleep(static_cast<useconds_t>(20'000 + random() % 50'000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (std::uint64_t i = 0; ::read(ends[0], &i, sizeof i) == sizeof i;) acknowledged = i;
    ::close(ends[0]);
    open();
    const auto memory = database_->load("a").value();
    if (acknowledged > 0) {
      EXPECT_GE(std::stoull(memory.at("last")), acknowledged);
    }
    database_.reset();
  }
  EXPECT_GT(acknowledged, 0u);
}

TEST_F(DatabaseTest, WhenAnotherHasTheFile_ThenItIsTold) {
  open();
  const auto error = open_error();
  EXPECT_EQ(error.cause, Cause::configuration);
  EXPECT_THAT(error.detail, HasSubstr("another process"));
}

TEST_F(DatabaseTest, WhenTheFileIsNoMemoryOfHnbemu_ThenItIsToldAndLeftAsItIs) {
  std::ofstream(file_)
      << "something else, and long enough to have the header of a database in it, were it one .........";
  EXPECT_THAT(open_error().detail, HasSubstr("damaged, or no memory of hnbemu"));
  EXPECT_GT(std::filesystem::file_size(file_), 90u);
}

TEST_F(DatabaseTest, WhenTheFileIsDamaged_ThenItIsTold) {
  open();
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(commit("a", {{fmt::format("key {}", i), std::string(500, 'v')}}));
  database_.reset();
  std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 3);
  file << std::string(4096, '\x55');
  file.close();
  EXPECT_THAT(open_error().detail, HasSubstr("damaged"));
}

TEST_F(DatabaseTest, WhenTheDirectoryIsNotThere_ThenItIsTold) {
  file_ = folder_ + "/none/memory.sqlite";
  EXPECT_THAT(open_error().detail, HasSubstr("use another --state-dir"));
}

}  // namespace
}  // namespace hnbemu::store
