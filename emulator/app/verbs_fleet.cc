#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "app/command_line.h"
#include "app/run_fleet.h"
#include "app/verbs.h"
#include "base/table.h"
#include "control/client.h"

namespace hnbemu::app {
namespace {

constexpr Millis kPoll{50};
constexpr Seconds kDownLimit{30};

struct DownOptions {
  Where where;
  bool purge = false;
};

struct LabOptions {
  Where where;
  bool json = false;
};

int run(const RunOptions& options) {
  return run_fleet(options, {HNBEMU_PROFILES});
}

// The fleet that is meant, running or not: one that was killed has a name too.
Result<fleet::Layout> find_any(const Where& where) {
  auto found = find_fleet(where);
  const auto all = fleet::fleets_in(where.state_directory);
  if (!found && found.error().cause == Cause::network && all.size() == 1) {
    return fleet::Layout(where.state_directory, all.front());
  }
  return found;
}

int down(const DownOptions& options) {
  const auto layout = find_any(options.where);
  if (!layout) return complain(layout.error());
  const auto name = std::filesystem::path(layout->directory).filename().string();
  std::error_code error;
  if (!std::filesystem::exists(layout->directory, error)) {
    return complain(
        {Cause::configuration, fmt::format("there is no fleet '{}' under {}", name, options.where.state_directory), 0});
  }
  const bool running = fleet::is_running(*layout);
  if (running) {
    const auto asked = ask({options.where.state_directory, name}, "POST", "/down");
    if (!asked && asked.error().cause != Cause::network) return complain(asked.error());  // else it is ending already
    const auto deadline = std::chrono::steady_clock::now() + kDownLimit;
    while (fleet::is_running(*layout)) {
      if (std::chrono::steady_clock::now() >= deadline) {
        return complain(
            {Cause::timeout, fmt::format("fleet '{}' has not ended after {} s", name, kDownLimit.count()), 0});
      }
      std::this_thread::sleep_for(kPoll);
    }
  }
  std::filesystem::remove_all(options.purge ? layout->directory : layout->run(), error);
  if (error)
    return complain({Cause::system, fmt::format("cannot remove {}: {}", layout->directory, error.message()), 0});
  fmt::print("fleet '{}' {}{}\n", name, running ? "is down" : "was not running",
             options.purge ? ", its memory is gone" : "");
  return kDone;
}

int lab_status(const LabOptions& options) {
  const auto reply = ask(options.where, "GET", "/lab");
  if (!reply) return complain(reply.error());
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(*reply));
    return kDone;
  }
  Table table({"ROLE", "NAME", "ADDRESS", "STATE"});
  for (const auto& each : reply->at("sites").as_array()) {
    const auto& site = each.as_object();
    table.add({std::string(site.at("role").as_string()), std::string(site.at("name").as_string()),
               std::string(site.at("address").as_string()), std::string(site.at("state").as_string())});
  }
  fmt::print("{}", table.to_string());
  return kDone;
}

struct RenumberOptions {
  Where where;
  std::string segw;
};

int renumber(const RenumberOptions& options) {
  const auto done = ask(options.where, "POST", "/lab/renumber/" + control::encoded(options.segw));
  return done ? kDone : complain(done.error());
}

void add_run_options(CLI::App& verb, RunOptions& options) {
  add_json(verb, options.json);
  add_where(verb, options.where);
  verb.add_flag("--exit-when-in-service", options.exit_when_in_service,
                "End as soon as all devices are in service, instead of at Ctrl-C");
  verb.add_option("--timeout", options.timeout_s, "With --exit-when-in-service: seconds that the devices have for it")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
}

void add_detach(CLI::App& verb, RunOptions& options) {
  verb.add_flag("--detach", options.detach, "Go on in the background; 'hnbemu down' ends it");
}

CLI::Option* add_acs_options(CLI::App& verb, AcsOptions& options) {
  auto* const acs = verb.add_option("--acs", options.url, "URL of an ACS of your own: no fleet file is needed");
  const auto with_acs = [&](CLI::Option* option) { option->needs(acs)->group("With --acs"); };
  with_acs(
      verb.add_option("--acs-ca", options.ca, "Who signed the certificate of an https ACS")->check(CLI::ExistingFile));
  with_acs(verb.add_option("--profile", options.profile, "Of all devices")->capture_default_str());
  with_acs(verb.add_option("--count", options.count, "How many devices")
               ->check(CLI::Range(1, 20'000))
               ->capture_default_str());
  with_acs(verb.add_option("--ipsec", options.ipsec, "Whether the lab's SeGW stands in between")
               ->check(CLI::IsMember({"none", "lab"}))
               ->capture_default_str());
  with_acs(
      verb.add_flag("--uplink", options.uplink, "Routes to and from the host, for an ACS elsewhere or in a container"));
  return acs;
}

void add_lab_verbs(CLI::App& app, Action& chosen) {
  auto* const lab = app.add_subcommand("lab", "The operator's network alone: SeGWs, DNS servers, HMSs");
  lab->require_subcommand(1);
  CLI::App* verb = nullptr;
  const auto up = add_verb(*lab, "up", "Bring the lab up without devices", "lab up --detach", chosen, run, &verb);
  up->fleet_file = HNBEMU_PROFILES "/fleets/demo.yaml";
  up->where.fleet = "lab";
  up->lab_only = true;
  verb->add_option("FLEET", up->fleet_file, "The fleet file whose lab is meant; without it, the demo's");
  add_where(*verb, up->where);
  add_detach(*verb, *up);
  const auto ended = add_verb(*lab, "down", "End it", "lab down", chosen, down, &verb);
  ended->where.fleet = "lab";
  ended->purge = true;
  add_where(*verb, ended->where);
  const auto status =
      add_verb(*lab, "status", "The sites of the lab of a fleet that runs", "lab status", chosen, lab_status, &verb);
  add_json(*verb, status->json);
  add_where(*verb, status->where);
  const auto renumbered = add_verb(*lab, "renumber",
                                   "Have a SeGW give inner addresses of its other pool (lab: {spare_inner_pool: …}): "
                                   "devices get theirs when they re-authenticate",
                                   "lab renumber segw-serving.operator.example", chosen, renumber, &verb);
  verb->add_option("SEGW", renumbered->segw, "Its name")->required();
  add_where(*verb, renumbered->where);
  add_export_verb(*lab, chosen);
}

}  // namespace

void add_where(CLI::App& verb, Where& where) {
  verb.add_option("--state-dir", where.state_directory, "Where fleets keep their sockets, memory and logs")
      ->capture_default_str();
  verb.add_option("--fleet", where.fleet, "The fleet's name; not needed where only one runs")->capture_default_str();
}

void add_fleet_verbs(CLI::App& app, Action& chosen) {
  CLI::App* verb = nullptr;
  const auto demo = add_verb(app, "demo", "Three HNBs and one HeNB come into service with an operator of the lab",
                             "demo --json --exit-when-in-service", chosen, run, &verb);
  demo->fleet_file = HNBEMU_PROFILES "/fleets/demo.yaml";
  demo->forgetful = true;
  demo->shows_oam = true;
  add_run_options(*verb, *demo);

  const auto up =
      add_verb(app, "up", "Bring a fleet up and keep it until Ctrl-C", "up my-fleet.yaml --detach", chosen, run, &verb);
  auto* const file = verb->add_option("FLEET", up->fleet_file, "Fleet file (YAML)");
  auto* const acs = add_acs_options(*verb, up->acs);
  acs->excludes(file);
  verb->callback([file, acs, up, &chosen] {
    if (file->count() + acs->count() == 0) throw CLI::RequiredError("FLEET or --acs");
    chosen = [up] { return run(*up); };
  });
  add_run_options(*verb, *up);
  add_detach(*verb, *up);
  verb->get_option("--detach")->excludes("--exit-when-in-service");
  verb->add_flag("--dry-run", up->dry_run, "Check the file and print what would be started");

  const auto ended =
      add_verb(app, "down", "End a fleet; what its devices remember stays", "down --purge", chosen, down, &verb);
  verb->add_flag("--purge", ended->purge, "Remove the memory, traces and log too");
  add_where(*verb, ended->where);
  add_lab_verbs(app, chosen);
}

}  // namespace hnbemu::app
