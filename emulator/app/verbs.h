#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "app/client.h"

namespace hnbemu::app {

// What the command line asked for; it returns the exit status.
using Action = std::function<int()>;

// Adds a verb whose options are `Options`. They are parsed into the object that `run` is called with.
template <class Options>
std::shared_ptr<Options> add_verb(CLI::App& app, const std::string& name, const std::string& help,
                                  const std::string& example, Action& chosen, int (*run)(const Options&),
                                  CLI::App** verb_out) {
  auto options = std::make_shared<Options>();
  auto* const verb = app.add_subcommand(name, help);
  verb->footer("Example: hnbemu " + example);
  verb->callback([options, run, &chosen] { chosen = [options, run] { return run(*options); }; });
  *verb_out = verb;
  return options;
}

// --state-dir and --fleet.
void add_where(CLI::App& verb, Where& where);
inline void add_json(CLI::App& verb, bool& json) {
  verb.add_flag("--json", json, "One JSON document on standard output");
}

void add_fleet_verbs(CLI::App& app, Action& chosen);  // demo up down lab
void add_watch_verbs(CLI::App& app, Action& chosen);  // ls show wait logs trace
void add_export_verb(CLI::App& lab, Action& chosen);  // export-segw
void add_inventory_verbs(CLI::App& app, Action& chosen);
void add_profile_verbs(CLI::App& app, Action& chosen);           // import
void add_profile_show_verbs(CLI::App& profile, Action& chosen);  // list show check
void add_firmware_verbs(CLI::App& app, Action& chosen);          // make show
void add_transfer_verbs(CLI::App& app, Action& chosen);          // download upload upload-pm request-download
void add_alarm_verbs(CLI::App& app, Action& chosen);             // raise change clear list
void add_cm_file_verbs(CLI::App& app, Action& chosen);           // make
void add_hms_verbs(CLI::App& app, Action& chosen);               // download upload set reboot factory-reset
void add_doctor_verb(CLI::App& app, Action& chosen);
void add_act_verbs(CLI::App& app, Action& chosen);  // get set inform reboot hold continue exec

}  // namespace hnbemu::app
