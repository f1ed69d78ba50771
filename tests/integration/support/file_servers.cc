#include "integration/support/file_servers.h"

#include <signal.h>

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace hnbemu::test {
namespace {

constexpr std::chrono::seconds kPatience{30};

netns::Process spawn(const netns::Namespace& home, const std::string& directory, const std::string& address,
                     const std::vector<std::string>& options) {
  const auto output = directory + "/file_servers.out";
  std::filesystem::remove(output);
  netns::Command command{{"/usr/bin/python3", "-B", HNBEMU_SOURCE_DIR "/tests/integration/support/file_servers.py",
                          directory, "--address", address},
                         {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                         output};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  auto process = netns::Process::spawn(home, command);
  if (!process) throw std::runtime_error(process.error().to_string());
  std::string text;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (text.find("ready") == std::string::npos) {
    std::ifstream file(output);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!process->running() || std::chrono::steady_clock::now() > deadline) throw std::runtime_error(text);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return std::move(*process);
}

}  // namespace

FileServers::FileServers(const netns::Namespace& home, const std::string& directory, const std::string& address,
                         const std::vector<std::string>& options)
    : process_(spawn(home, directory, address, options)) {}

// The end of the first process of their process namespace is SIGKILL to all others of it.
FileServers::~FileServers() {
  ::kill(-process_.pid(), SIGTERM);
  process_.stop(kPatience);
}

}  // namespace hnbemu::test
