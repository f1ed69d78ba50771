#include "app/run_fleet.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "app/command_line.h"
#include "app/progress.h"
#include "app/signals.h"
#include "fleet/fleet.h"

namespace hnbemu::app {
namespace {

constexpr Millis kPoll{100};

int complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.detail);
  return error.cause == Cause::configuration ? kUsage : kFailed;
}

// A directory of this run alone, gone with it.
class StateDirectory {
 public:
  static Result<StateDirectory> make(const std::string& parent, const std::string& name) {
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    auto path = fmt::format("{}/{}-XXXXXX", parent, name);
    if (error || ::mkdtemp(path.data()) == nullptr) {
      return fail_errno(fmt::format("cannot make a state directory in {} (--state-dir)", parent),
                        error ? error.value() : errno);
    }
    return StateDirectory(std::move(path));
  }
  StateDirectory(StateDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ~StateDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  explicit StateDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Until all are in service, the time is up or a signal came.
bool wait(fleet::Fleet& fleet, const Signals& signals, Seconds timeout, bool& interrupted) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (std::chrono::steady_clock::now() < deadline) {
    if (fleet.wait_in_service(kPoll)) return true;
    interrupted = signals.wait_for(Millis{0});
    if (interrupted) return false;
  }
  return false;
}

void print(const fleet::Fleet& fleet, bool json) {
  const auto reports = fleet.reports();
  const auto violations = fleet.violations();
  if (json) {
    fmt::print("{}\n", fleet::to_json(reports, violations));
    return;
  }
  fmt::print("\n{}", fleet::to_table(reports));
  for (const auto& violation : violations) fmt::print("VIOLATION  {}\n", violation);
  fmt::print("\n{} of {} devices in service\n", fleet::in_service(reports), reports.size());
}

}  // namespace

int run_fleet(const RunOptions& options, const std::vector<std::string>& profile_directories) {
  const Signals signals;
  auto config = config::load_fleet(options.fleet_file, config::known_profiles(profile_directories));
  if (!config) return complain(config.error());
  if (::geteuid() != 0) {
    fmt::print(stderr, "hnbemu makes network namespaces and tunnels: run it as root\n");
    return kFailed;
  }
  const auto directory = StateDirectory::make(options.state_directory, config->name);
  if (!directory) return complain(directory.error());

  Progress progress(options.json ? stderr : stdout);
  auto fleet = fleet::Fleet::make(std::move(*config), {directory->path(), profile_directories});
  if (!fleet) return complain(fleet.error());
  const bool in_kernel = (*fleet)->esp() == ipsec::EspBackend::kernel;
  progress.note(in_kernel ? "ESP in the kernel" : "ESP in user space (kernel-libipsec): this kernel has none");
  (*fleet)->observe([&](const auto& device, const auto& step) { progress.step(device, step); },
                    [&](const auto& status) { progress.state(status); });
  (*fleet)->start();

  bool interrupted = false;
  const bool all = wait(**fleet, signals, Seconds{options.timeout_s}, interrupted);
  if (all && !options.exit_when_in_service) {
    progress.note("all devices are in service; Ctrl-C ends");
    while (!signals.wait_for(Seconds{3600})) {
    }
  }
  progress.finish();
  print(**fleet, options.json);
  (*fleet)->stop();
  return all ? kDone : kFailed;
}

}  // namespace hnbemu::app
