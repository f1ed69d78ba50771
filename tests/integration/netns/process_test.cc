#include "netns/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "integration/support/network.h"
#include "integration/support/victim.h"

namespace hnbemu::netns {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class ProcessTest : public NamespaceTest {
 protected:
  Process run(const std::string& script) {
    return must(Process::spawn(home(), {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}, output_}));
  }

  std::string output_when(const std::function<bool(const std::string&)>& enough) {
    const auto deadline = steady_clock::now() + std::chrono::seconds(5);
    std::string text;
    do {
      std::ifstream file(output_);
      text.assign(std::istreambuf_iterator<char>(file), {});
      std::this_thread::sleep_for(milliseconds(2));
    } while (!enough(text) && steady_clock::now() < deadline);
    return text;
  }

  std::string line() {
    return output_when([](const auto& text) { return text.ends_with('\n'); });
  }

  const Namespace& home() {
    if (!home_) home_ = must(Namespace::create());
    return *home_;
  }

  void TearDown() override { std::filesystem::remove(output_); }

  std::optional<Namespace> home_;
  std::string output_ = fmt::format("{}/process-{}.out", testing::TempDir(), ::getpid());
};

TEST_F(ProcessTest, WhenSpawned_ThenItRunsInTheNamespaceAndTheCallerStaysOut) {
  struct stat target {};
  struct stat own {};
  ::fstat(home().fd(), &target);
  const auto process = run("readlink /proc/self/ns/net");
  EXPECT_EQ(line(), fmt::format("net:[{}]\n", target.st_ino));
  ::fstat(must(Namespace::current()).fd(), &own);
  EXPECT_NE(own.st_ino, target.st_ino);
}

TEST_F(ProcessTest, WhenSpawned_ThenOnlyTheStandardStreamsAndNoSignalSettingsAreInherited) {
  const UniqueFd opened(::open("/dev/null", O_RDONLY));
  const UniqueFd forgotten(::fcntl(opened.get(), F_DUPFD, 100));  // without close-on-exec
  auto* const before = ::signal(SIGPIPE, SIG_IGN);
  const auto process =
      run(fmt::format("readlink /proc/self/fd/0; [ -e /proc/$$/fd/{} ] || echo closed; grep -E 'Sig(Blk|Ign)' "
                      "/proc/self/status; echo end",
                      forgotten.get()));
  const auto text = output_when([](const auto& all) { return all.ends_with("end\n"); });
  ::signal(SIGPIPE, before);
  EXPECT_EQ(text, "/dev/null\nclosed\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nend\n");
}

TEST_F(ProcessTest, WhenTheProgramDoesNotExist_ThenTheErrorNamesIt) {
  const auto process = Process::spawn(home(), {{"/nonexistent/charon"}, {}, output_});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().native, ENOENT);
  EXPECT_NE(process.error().detail.find("/nonexistent/charon"), std::string::npos);
}

TEST_F(ProcessTest, WhenTheOutputFileCannotBeMade_ThenNothingIsStarted) {
  const auto process = Process::spawn(home(), {{"/bin/true"}, {}, "/nonexistent/log"});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().native, ENOENT);
}

TEST_F(ProcessTest, WhenItEnds_ThenItIsNoticed) {
  const auto process = run("exit 3");
  pollfd waiting{process.pid_fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&waiting, 1, 5000), 1);
  EXPECT_FALSE(process.running());
}

TEST_F(ProcessTest, WhenItObeysSigterm_ThenStopReturnsWithoutWaitingForTheDeadline) {
  auto process = run("exec sleep 1000");
  EXPECT_TRUE(process.running());
  const auto begin = steady_clock::now();
  process.stop(std::chrono::seconds(30));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_FALSE(process.running());
}

TEST_F(ProcessTest, WhenItIgnoresSigterm_ThenItIsKilledAtTheDeadline) {
  auto process = run("trap '' TERM; echo ready; while :; do sleep 1000; done");
  line();
  const pid_t pid = process.pid();
  process.stop(milliseconds(50));
  EXPECT_TRUE(test::is_gone(pid));
}

TEST_F(ProcessTest, WhenStopped_ThenWhatItHadStartedIsGoneToo) {
  auto process = run("sleep 1000 & echo $!; wait");
  const pid_t grandchild = std::stoi(line());
  EXPECT_FALSE(test::is_gone(grandchild));
  process.stop(milliseconds(1000));
  EXPECT_TRUE(test::goes_within(grandchild, std::chrono::seconds(5)));
}

// The emulator itself is killed: the kernel ends its children (PR_SET_PDEATHSIG) although the thread that asked for
// them has long ended.
TEST_F(ProcessTest, WhenTheParentIsKilled_ThenTheChildGoesWithIt) {
  auto victim = must(Process::spawn(home(), {{"/proc/self/exe", "--victim=process"}, {}, output_}));
  const pid_t child = std::stoi(line());
  EXPECT_FALSE(test::is_gone(child));
  ::kill(victim.pid(), SIGKILL);
  EXPECT_TRUE(test::goes_within(child, std::chrono::seconds(5)));
}

const test::Victim process_victim("process", [] {
  std::optional<Process> child;
  std::thread([&] {
    child = must(Process::spawn(must(Namespace::create()), {{"/bin/sleep", "1000"}, {}, {}}));
  }).join();
  fmt::print("{}\n", child->pid());
  std::fflush(stdout);
  ::pause();
});

}  // namespace
}  // namespace hnbemu::netns
