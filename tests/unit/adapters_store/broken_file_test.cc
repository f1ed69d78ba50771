#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <thread>

#include "base/unique_fd.h"
#include "unit/adapters_store/store_test.h"

namespace hnbemu::store {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

class BrokenFileTest : public StoreTest {
 protected:
  void execute(const char* sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
    sqlite3_close(connection);
  }
  void expect_refused_and_untouched(const std::string& what) {
    const auto before = content(file_);
    const auto error = error_of_open(file_);
    EXPECT_EQ(error.cause, Cause::system);
    EXPECT_THAT(error.detail, AllOf(HasSubstr(file_), HasSubstr(what)));
    EXPECT_TRUE(content(file_) == before);
  }
};

TEST_F(BrokenFileTest, WhenTheFileIsNoDatabase_ThenItIsRefusedAndUntouched) {
  std::ofstream(file_) << "fleet: {seed: 5}\n" << std::string(5000, '#');
  expect_refused_and_untouched("move it away");
}

TEST_F(BrokenFileTest, WhenTheFileIsAnotherProgramsDatabase_ThenItIsRefusedAndUntouched) {
  execute("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('http://example.com')");
  expect_refused_and_untouched("no memory of hnbemu");
  execute("DROP TABLE bookmarks; PRAGMA user_version = 7");
  expect_refused_and_untouched("no memory of hnbemu");
}

TEST_F(BrokenFileTest, WhenANewerProgramWroteTheFile_ThenTheErrorSaysSo) {
  open();
  database_.reset();
  execute("PRAGMA user_version = 2; PRAGMA journal_mode = DELETE");
  expect_refused_and_untouched("written by a newer hnbemu (schema 2, this one knows 1)");
}

TEST_F(BrokenFileTest, WhenAnyPageIsDamaged_ThenItIsRefusedUntouchedOrReadAsItWas) {
  open();
  std::vector<StoreWrite> writes;
  writes.reserve(500);
  for (int i = 0; i < 500; ++i) writes.push_back({fmt::format("key {}", i), std::string(100, 'v')});
  ASSERT_TRUE(commit("hnb-0001", writes));
  database_.reset();
  const auto sound = content(file_);
  std::mt19937 chance(42);
  int refused = 0;
  for (int round = 0; round < 40; ++round) {
    auto damaged = sound;
    const auto at = std::uniform_int_distribution<std::size_t>(0, damaged.size() - 512)(chance);
    for (std::size_t i = 0; i < 512; ++i) damaged[at + i] = static_cast<char>(chance());
    std::ofstream(file_, std::ios::binary) << damaged;
    const auto opened = Database::open(file_, Durability::process_crash);
    if (!opened) {
      ++refused;
      EXPECT_THAT(opened.error().detail, HasSubstr(file_));
      EXPECT_TRUE(content(file_) == damaged);
    } else {
      static_cast<void>((*opened)->load("hnb-0001"));  // bytes of a value may differ: it must not crash
    }
  }
  EXPECT_GT(refused, 20);
}

TEST_F(BrokenFileTest, WhenTheDirectoryIsNotThere_ThenTheErrorNamesTheFile) {
  const auto error = error_of_open(directory_ + "/none/memory.db");
  EXPECT_EQ(error.cause, Cause::system);
  EXPECT_THAT(error.detail, HasSubstr("/none/memory.db"));
}

TEST_F(BrokenFileTest, WhenAnotherProcessHasTheFile_ThenItIsRefusedUntilThatOneEnds) {
  open();
  ASSERT_TRUE(commit("hnb-0001", {{"a", "1"}}));
  database_.reset();
  int ready[2];
  int end[2];
  ASSERT_EQ(::pipe2(ready, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(end, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(end[1]);
    const auto database = Database::open(file_, Durability::process_crash);
    char byte = database ? 'y' : 'n';
    ::_exit(::write(ready[1], &byte, 1) == 1 && ::read(end[0], &byte, 1) == 0 ? 0 : 1);
  }
  const UniqueFd keep[] = {UniqueFd(ready[0]), UniqueFd(ready[1]), UniqueFd(end[0])};
  UniqueFd let_go(end[1]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  const auto error = error_of_open(file_);
  EXPECT_EQ(error.cause, Cause::configuration);
  EXPECT_THAT(error.detail, AllOf(HasSubstr(file_), HasSubstr("another process")));
  let_go.reset();
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  open();
  EXPECT_THAT(load("hnb-0001"), ElementsAre(Pair("a", "1")));
}

// A small disk of its own, in a mount namespace of the thread that runs the body: it goes with the thread.
class SmallDiskTest : public BrokenFileTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "mounting a small disk needs root";
  }
  void on_disk(const char* options, const std::function<void()>& body) {
    std::thread([&] {
      ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
      ASSERT_EQ(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
      ASSERT_EQ(::mount("hnbemu-test", directory_.c_str(), "tmpfs", 0, options), 0);
      body();
      database_.reset();
    }).join();
  }
  void fill() {
    std::ofstream filler(directory_ + "/filler");
    while (filler.write("0123456789abcdef", 16).flush()) {
    }
  }
  void make_room() { std::filesystem::remove(directory_ + "/filler"); }
};

TEST_F(SmallDiskTest, WhenTheDiskIsFull_ThenCommitsFailAndWhatWasThereStaysAndRoomHelps) {
  on_disk("size=1m", [this] {
    open();
    ASSERT_TRUE(commit("hnb-0001", {{"a", "1"}}));
    fill();
    for (int i = 0; i < 3; ++i) {
      const auto full = commit("hnb-0001", {{"a", "2"}, {"b", std::string(200'000, 'x')}});
      ASSERT_FALSE(full);
      EXPECT_EQ(full.error().cause, Cause::resources);
      EXPECT_THAT(full.error().detail, AllOf(HasSubstr(file_), HasSubstr("disk is full")));
    }
    EXPECT_THAT(load("hnb-0001"), ElementsAre(Pair("a", "1")));
    make_room();
    EXPECT_TRUE(commit("hnb-0001", {{"c", "3"}}));
    fill();
    open();  // closed and opened on a full disk
    EXPECT_THAT(load("hnb-0001"), ElementsAre(Pair("a", "1"), Pair("c", "3")));
  });
}

TEST_F(SmallDiskTest, WhenOneOfManyCommitsDoesNotFit_ThenTheOthersAreWritten) {
  on_disk("size=2m", [this] {
    open();
    start("first", {{"a", "1"}});
    const auto& big = start("big", {{"a", std::string(3'000'000, 'x')}});
    for (int i = 0; i < 100; ++i) start(fmt::format("small {}", i), {{"a", "1"}});
    run();
    ASSERT_TRUE(big);
    ASSERT_FALSE(*big);
    EXPECT_EQ(big->error().cause, Cause::resources);
    for (const auto& outcome : outcomes_) EXPECT_TRUE(&outcome == &big || (outcome && *outcome));
    EXPECT_THAT(load("small 99"), ElementsAre(Pair("a", "1")));
  });
}

TEST_F(SmallDiskTest, WhenTheDiskIsFullAtTheStart_ThenTheErrorSaysSo) {
  on_disk("size=64k", [this] {
    fill();
    const auto error = error_of_open(file_);
    EXPECT_EQ(error.cause, Cause::resources);
    EXPECT_THAT(error.detail, AllOf(HasSubstr(file_), HasSubstr("full")));
    make_room();
    open();
    EXPECT_TRUE(commit("hnb-0001", {{"a", "1"}}));
  });
}

TEST_F(SmallDiskTest, WhenTheDirectoryIsReadOnly_ThenTheErrorSaysSoWithAndWithoutAFile) {
  on_disk("size=1m", [this] {
    const auto read_only = [this] {
      ASSERT_EQ(::mount("none", directory_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
      const auto error = error_of_open(file_);
      EXPECT_EQ(error.cause, Cause::system);
      EXPECT_THAT(error.detail, AllOf(HasSubstr(file_), HasSubstr("cannot be written"), HasSubstr("--state-dir")));
      ASSERT_EQ(::mount("none", directory_.c_str(), nullptr, MS_REMOUNT, nullptr), 0);
    };
    read_only();
    open();
    ASSERT_TRUE(commit("hnb-0001", {{"a", "1"}}));
    database_.reset();
    read_only();
    open();
    EXPECT_THAT(load("hnb-0001"), ElementsAre(Pair("a", "1")));
  });
}

}  // namespace
}  // namespace hnbemu::store
