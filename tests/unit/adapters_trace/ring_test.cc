#include "adapters/trace/ring.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "doubles/temporary_directory.h"

namespace hnbemu::trace {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RingTest : public testing::Test {
 protected:
  void add(std::string_view text) { std::ofstream(file_, std::ios::app) << text; }

  const doubles::TemporaryDirectory temporary_;
  const std::string& directory_ = temporary_.path();
  const std::string file_ = directory_ + "/hnb-0001";
};

// Records are numbers: each read must be a piece of the sequence.
testing::AssertionResult is_sequence(const std::vector<std::string>& records) {
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (std::stol(records[i]) != std::stol(records[i - 1]) + 1) {
      return testing::AssertionFailure() << records[i] << " follows " << records[i - 1];
    }
  }
  return testing::AssertionSuccess();
}

TEST_F(RingTest, WhenRecordsAreAppended_ThenAnotherRingReadsThemOldestFirst) {
  Ring ring(file_, 1'000'000);
  EXPECT_THAT(ring.read(), IsEmpty());
  const auto odd = "back\\slash \\n, two\nlines\n, a \0 and \xff"s;
  for (const auto* record : {"first", "", "third"}) ring.append(record);
  ring.append(odd);
  EXPECT_THAT(Ring(file_, 1'000'000).read(), ElementsAre("first", "", "third", odd));
  EXPECT_EQ(ring.lost(), 0u);
}

TEST_F(RingTest, WhenTheRingIsFull_ThenTheNewestStayWithinTheBound) {
  Ring ring(file_, 1'000);
  for (int i = 0; i < 1'000; ++i) {
    ring.append(std::to_string(1'000'000 + i));
    ASSERT_LE(std::filesystem::file_size(file_), 500u);
  }
  EXPECT_LE(std::filesystem::file_size(file_ + ".1"), 500u);
  const auto records = ring.read();
  EXPECT_GT(records.size(), 60u);
  EXPECT_TRUE(is_sequence(records));
  EXPECT_EQ(records.back(), "1000999");
}

TEST_F(RingTest, WhenARecordIsTooLong_ThenItIsCutAndSaysSo) {
  Ring ring(file_, 1'000'000);
  ring.append(std::string(kMaxRecordBytes + 7, '\\'));
  EXPECT_THAT(ring.read(), ElementsAre(std::string(kMaxRecordBytes, '\\') + " [7 bytes more]"));
  Ring small(file_, 100);
  small.append(std::string(51, 'x'));  // it would break the bound
  EXPECT_EQ(small.lost(), 1u);
}

TEST_F(RingTest, WhenTheLastLineIsTorn_ThenItIsNotReadAndTheNextRecordIsWhole) {
  add("first\nsec");
  EXPECT_THAT(Ring(file_, 1'000).read(), ElementsAre("first"));
  Ring ring(file_, 1'000);
  ring.append("second");
  EXPECT_THAT(ring.read(), ElementsAre("first", "second"));
}

TEST_F(RingTest, WhenTheFirstLineIsTorn_ThenTheRingBeginsAnew) {
  add("fir");
  Ring ring(file_, 1'000);
  ring.append("first");
  EXPECT_THAT(ring.read(), ElementsAre("first"));
}

TEST_F(RingTest, WhenTheRingTurnsOverWhileOthersRead_ThenNoRecordIsMissingBetweenTwo) {
  Ring ring(file_, 2'000);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 20'000; ++i) ring.append(std::to_string(i));
    done = true;
  });
  int reads = 0;
  for (; !done; ++reads) ASSERT_TRUE(is_sequence(Ring(file_, 2'000).read()));
  writer.join();
  EXPECT_GT(reads, 10);
  EXPECT_EQ(ring.read().back(), "19999");
}

TEST_F(RingTest, WhenTheWriterIsKilled_ThenWhatItAppendedIsThere) {
  for (int kill = 0; kill < 10; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      Ring ring(file_, 100'000);
      const auto records = ring.read();
      for (int i = records.empty() ? 0 : std::stoi(records.back()) + 1;; ++i) {
        ring.append(std::to_string(i));
        if (::write(ends[1], &i, sizeof i) != sizeof i) ::_exit(1);
      }
    }
    ::close(ends[1]);
    int appended = -1;
    for (int i = 0; i < 50 * kill + 1; ++i) ASSERT_EQ(::read(ends[0], &appended, sizeof appended), sizeof appended);
    ::kill(child, SIGKILL);
    while (::read(ends[0], &appended, sizeof appended) == sizeof appended) {
    }
    ::close(ends[0]);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const auto records = Ring(file_, 100'000).read();
    EXPECT_TRUE(is_sequence(records));
    ASSERT_FALSE(records.empty());
    EXPECT_GE(std::stoi(records.back()), appended);
  }
}

TEST_F(RingTest, WhenThereIsNoDirectory_ThenRecordsAreLostAndCounted) {
  Ring ring(directory_ + "/none/hnb-0001", 1'000);
  ring.append("first");
  EXPECT_EQ(ring.lost(), 1u);
  EXPECT_THAT(ring.read(), IsEmpty());
}

TEST_F(RingTest, WhenTheDiskIsFull_ThenRecordsAreLostWholeAndRoomHelps) {
  if (::geteuid() != 0) GTEST_SKIP() << "mounting a small disk needs root";
  // In a mount namespace of the thread's own: it goes with the thread.
  std::thread([this] {
    ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(::mount("hnbemu-test", directory_.c_str(), "tmpfs", 0, "size=64k"), 0);
    Ring ring(file_, 1'000'000);
    const std::string record(1'001, 'x');
    for (int i = 0; i < 100; ++i) ring.append(record);
    EXPECT_GT(ring.lost(), 30u);
    const auto there = ring.read().size();
    EXPECT_EQ(there + ring.lost(), 100u);
    ASSERT_EQ(::mount("none", directory_.c_str(), nullptr, MS_REMOUNT, "size=1m"), 0);
    ring.append(record);
    EXPECT_THAT(ring.read(), SizeIs(there + 1));
    EXPECT_THAT(ring.read(), testing::Each(record));
  }).join();
}

}  // namespace
}  // namespace hnbemu::trace
