#include "app/run_fleet.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cstdio>
#include <filesystem>
#include <set>

#include "app/background.h"
#include "app/command_line.h"
#include "app/progress.h"
#include "app/show_oam.h"
#include "app/signals.h"
#include "base/table.h"
#include "control/server.h"
#include "fleet/control_api.h"
#include "fleet/daemon_logs.h"
#include "fleet/fleet.h"

namespace hnbemu::app {
namespace {

constexpr Millis kPoll{100};
constexpr Seconds kTrimEvery{60};
constexpr unsigned kMaxSameName = 20;  // demos side by side

std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string(text));  // a JSON text is a YAML text
}

// What the user would have written.
std::string fleet_file_of(const AcsOptions& acs) {
  auto text = fmt::format("fleet: {{name: acs}}\nuplink: {}\nacs:\n  url: {}\n", acs.uplink, quoted(acs.url));
  if (!acs.ca.empty()) text += fmt::format("  ca: {}\n", quoted(std::filesystem::absolute(acs.ca)));
  text += fmt::format("groups:\n  - {{name: {0}, profile: {1}, count: {2}, ipsec: {3}}}\n",
                      std::filesystem::path(acs.profile).stem().string(), quoted(acs.profile), acs.count, acs.ipsec);
  return text;
}

Result<config::Fleet> load(const RunOptions& options, const std::vector<std::string>& profile_directories) {
  const auto known = config::known_profiles(profile_directories);
  auto config = options.acs.url.empty() ? config::load_fleet(options.fleet_file, known)
                                        : config::parse_fleet(fleet_file_of(options.acs), "--acs", known);
  if (!config) return config;
  if (!options.where.fleet.empty()) config->name = options.where.fleet;
  if (options.lab_only) config->devices.clear();
  return config;
}

int print_plan(const config::Fleet& fleet) {
  Table table({"DEVICE", "PROFILE", "SERIAL", "FIRST SEGW", "FIRST HMS"});
  for (const auto& device : fleet.devices) {
    const bool direct = device.initial_hms.empty();
    const auto& segw = direct ? device.serving_segw : device.initial_segw;
    table.add({device.id, device.profile, device.serial, segw.empty() ? "-" : segw,
               direct ? device.serving_hms : device.initial_hms});
  }
  fmt::print("{}\nfleet '{}': {} devices, {} a second; nothing was started\n", table.to_string(), fleet.name,
             fleet.devices.size(), fleet.start_rate_per_s);
  return kDone;
}

// A fleet that forgets need not have the name for itself: demo, demo-2, demo-3 …
Result<fleet::Home> claim(const RunOptions& options, config::Fleet& config) {
  const auto name = config.name;
  auto home = fleet::Home::claim(options.where.state_directory, name);
  for (unsigned i = 2; !home && options.forgetful && i <= kMaxSameName; ++i) {
    if (home.error().cause != Cause::configuration) break;
    config.name = fmt::format("{}-{}", name, i);
    home = fleet::Home::claim(options.where.state_directory, config.name);
  }
  return home;
}

// Logins begin with a soft limit of 1,024, for select(); a fleet needs what the hard one allows.
void allow_all_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));  // never refused up to the hard limit
}

void print(fleet::Fleet& fleet, bool json) {
  const auto reports = json ? fleet.full_reports() : fleet.reports();
  const auto violations = fleet.violations();
  if (json) {
    fmt::print("{}\n", fleet::to_json(reports, violations));
    return;
  }
  fmt::print("\n{}", fleet::to_table(reports));
  for (const auto& violation : violations) fmt::print("VIOLATION  {}\n", violation);
  fmt::print("\n{} of {} devices in service\n", fleet::in_service(reports), reports.size());
}

// A run from here to its end.
class Run {
 public:
  Run(const RunOptions& options, const Signals& signals, std::FILE* out)
      : options_(options), signals_(signals), progress_(out) {}

  Result<> start(config::Fleet config, fleet::Settings settings) {
    const auto layout = settings.layout;
    auto made = fleet::Fleet::make(std::move(config), std::move(settings));
    if (!made) return tl::unexpected(made.error());
    fleet_ = std::move(*made);
    log_ = std::make_unique<trace::Ring>(layout.log(), fleet::kLogBytes);
    fleet_->observe(
        [this](const auto& device, const auto& step) {
          progress_.step(device, step);
          log(device, to_string(step));
        },
        [this](const auto& status) {
          progress_.state(status);
          log(status.id, to_string(status));
        },
        [this](const auto& device, const auto& line) {
          progress_.event(device, line);
          log(device, line);
        });
    api_ = std::make_unique<fleet::ControlApi>(*fleet_, [this] { asked_to_end_ = true; });
    auto server =
        control::Server::start(layout.socket(), [this](const auto& request) { return api_->handle(request); });
    if (!server) return tl::unexpected(server.error());
    server_ = std::move(*server);
    const bool in_kernel = fleet_->esp() == ipsec::EspBackend::kernel;
    note(in_kernel ? "ESP in the kernel" : "ESP in user space (kernel-libipsec): this kernel has none");
    if (auto* const bridge = fleet_->network().bridge()) {
      for (const auto& line : bridge->advice()) note(line);
    }
    fleet_->start();
    return {};
  }

  int wait_for_end() {
    const auto deadline = std::chrono::steady_clock::now() + Seconds{options_.timeout_s};
    auto trim_at = std::chrono::steady_clock::now() + kTrimEvery;
    bool all = false;
    while (!ended()) {
      const bool now = fleet_->wait_in_service(kPoll);
      if (now && !all) {
        note(fmt::format("{}{}", options_.lab_only ? "the lab is up" : "all devices are in service",
                         options_.exit_when_in_service ? "" : "; Ctrl-C ends"));
      }
      if (now && !all && options_.shows_oam) show_oam(*fleet_, [this] { return ended(); });
      all = now;
      tell_what_ended();
      if (std::chrono::steady_clock::now() >= trim_at) {
        fleet::trim_daemon_logs(fleet_->layout().run());
        trim_at += kTrimEvery;
      }
      if (options_.exit_when_in_service && (all || std::chrono::steady_clock::now() >= deadline)) break;
      if (now && !ended()) interrupted_ = signals_.wait_for(kPoll);
    }
    progress_.finish();
    if (!options_.detach) print(*fleet_, options_.json);
    log("hnbemu", "ending");
    server_.reset();
    fleet_->stop();
    const bool failed = options_.exit_when_in_service && !all;
    return failed ? kFailed : kDone;
  }

 private:
  bool ended() { return interrupted_ || asked_to_end_ || (interrupted_ = signals_.wait_for(Millis{0})); }
  // A daemon of the lab: without it no device can be what it should.
  void tell_what_ended() {
    for (const auto& [role, name, log] : fleet_->network().lab().ended()) {
      if (!ended_.insert(log).second) continue;
      note(fmt::format("the lab's {} {} has ended: {} may say why; only a new start of the fleet brings it back", role,
                       name, log));
    }
  }
  void note(const std::string& text) {
    progress_.note(text);
    log("hnbemu", text);
  }
  void log(const std::string& device, const std::string& text) {
    log_->append(fmt::format(
        "{} {} {}", to_date_time(std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now())),
        device, text));
  }

  const RunOptions& options_;
  const Signals& signals_;
  Progress progress_;
  std::unique_ptr<trace::Ring> log_;
  std::unique_ptr<fleet::Fleet> fleet_;
  std::unique_ptr<fleet::ControlApi> api_;
  std::unique_ptr<control::Server> server_;
  std::atomic<bool> asked_to_end_ = false;
  bool interrupted_ = false;
  std::set<std::string> ended_;  // logs of the lab's daemons that have
};

}  // namespace

int run_fleet(const RunOptions& options, const std::vector<std::string>& profile_directories) {
  auto config = load(options, profile_directories);
  if (!config) return complain(config.error());
  if (options.dry_run) return print_plan(*config);
  if (::geteuid() != 0) {
    fmt::print(stderr, "hnbemu makes network namespaces and tunnels: run it as root\n");
    return kFailed;
  }
  std::optional<Background> background;
  if (options.detach) {
    auto forked = Background::enter();
    if (!forked) return complain(forked.error());
    if (const auto* const status = std::get_if<int>(&*forked)) return *status;
    background = std::move(std::get<Background>(*forked));
  }
  const Signals signals;
  auto home = claim(options, *config);
  if (!home) return complain(home.error());

  allow_all_files();
  const auto name = config->name;
  const auto devices = config->devices.size();
  Run run(options, signals, options.json || options.detach ? stderr : stdout);
  if (auto started = run.start(std::move(*config), {home->layout(), profile_directories}); !started) {
    return complain(started.error());
  }
  if (background) {
    fmt::print("fleet '{}' is up, {} devices are starting: hnbemu ls, hnbemu down\n", name, devices);
    background->ready();
  }
  const int status = run.wait_for_end();
  if (options.forgetful) home->purge();
  return status;
}

}  // namespace hnbemu::app
