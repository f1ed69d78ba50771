#include "fleet/daemon_logs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hnbemu::fleet {
namespace {

TEST(DaemonLogs, WhenOneHasGrownOverTheBound_ThenItIsEmptiedAndGrowsOn) {
  const auto folder = fmt::format("{}hnbemu_logs_{}", ::testing::TempDir(), ::getpid());
  std::filesystem::create_directories(folder + "/a");
  std::ofstream big(folder + "/a/charon.log", std::ios::app);
  big << std::string(kMaxDaemonLogBytes + 1, 'x') << std::flush;
  std::ofstream(folder + "/small.log") << "small";
  std::ofstream(folder + "/big.other") << std::string(kMaxDaemonLogBytes + 1, 'x');
  trim_daemon_logs(folder);
  big << "more" << std::flush;
  EXPECT_EQ(std::filesystem::file_size(folder + "/a/charon.log"), 4u);
  EXPECT_EQ(std::filesystem::file_size(folder + "/small.log"), 5u);
  EXPECT_EQ(std::filesystem::file_size(folder + "/big.other"), kMaxDaemonLogBytes + 1);
  std::filesystem::remove_all(folder);
  trim_daemon_logs(folder);  // what is not there is no error
}

}  // namespace
}  // namespace hnbemu::fleet
