#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/run_fleet.h"

namespace hnbemu::app {
namespace {

void add_run_options(CLI::App& verb, RunOptions& options) {
  verb.add_flag("--json", options.json, "One JSON document on standard output; progress goes to standard error");
  verb.add_flag("--exit-when-in-service", options.exit_when_in_service,
                "End as soon as all devices are in service, instead of at Ctrl-C");
  verb.add_option("--timeout", options.timeout_s, "Seconds that the devices have to come into service")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  verb.add_option("--state-dir", options.state_directory, "Where sockets, configurations and logs go")
      ->capture_default_str();
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("hnbemu: a femtocell emulator", "hnbemu");
  app.set_version_flag("--version", HNBEMU_VERSION);
  app.require_subcommand(1);

  RunOptions demo;
  demo.fleet_file = HNBEMU_PROFILES "/fleets/demo.yaml";
  auto* const demo_verb =
      app.add_subcommand("demo", "Three HNBs and one HeNB come into service with an operator of the lab");
  demo_verb->footer("Example: hnbemu demo --json --exit-when-in-service");
  add_run_options(*demo_verb, demo);

  RunOptions up;
  auto* const up_verb = app.add_subcommand("up", "Bring a fleet up, in the foreground, until Ctrl-C");
  up_verb->footer("Example: hnbemu up profiles/fleets/demo.yaml");
  up_verb->add_option("FLEET", up.fleet_file, "Fleet file (YAML)")->required();
  add_run_options(*up_verb, up);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  const auto& chosen = demo_verb->parsed() ? demo : up;
  return run_fleet(chosen, {HNBEMU_PROFILES});
}

}  // namespace hnbemu::app
