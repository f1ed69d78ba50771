#include "app/command_line.h"

#include "app/verbs.h"

namespace hnbemu::app {

int run_command_line(int argc, char** argv) {
  CLI::App app("hnbemu: a femtocell emulator", "hnbemu");
  app.set_version_flag("--version", HNBEMU_VERSION);
  app.require_subcommand(1);
  Action chosen;
  add_fleet_verbs(app, chosen);
  add_watch_verbs(app, chosen);
  add_act_verbs(app, chosen);
  add_inventory_verbs(app, chosen);
  add_profile_verbs(app, chosen);
  add_firmware_verbs(app, chosen);
  add_transfer_verbs(app, chosen);
  add_alarm_verbs(app, chosen);
  add_cm_file_verbs(app, chosen);
  add_hms_verbs(app, chosen);
  add_doctor_verb(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return chosen();
}

}  // namespace hnbemu::app
