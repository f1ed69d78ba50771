#include <cstdio>
#include <filesystem>

#include "app/command_line.h"
#include "app/verbs.h"
#include "config/profile.h"
#include "fleet/export_segw.h"

namespace hnbemu::app {
namespace {

struct ExportOptions {
  Where where;
  std::string fleet_file = HNBEMU_PROFILES "/fleets/demo.yaml";
  std::string directory;
  std::string name = "segw.operator.example";
};

int export_segw(const ExportOptions& options) {
  auto config = config::load_fleet(options.fleet_file, config::known_profiles({HNBEMU_PROFILES}));
  if (!config) return complain(config.error());
  if (!options.where.fleet.empty()) config->name = options.where.fleet;
  const fleet::Layout layout(options.where.state_directory, config->name);
  std::error_code error;
  std::filesystem::create_directories(layout.directory, error);
  if (error) return complain({Cause::system, fmt::format("cannot make {}: {}", layout.directory, error.message()), 0});
  const auto pki = lab::Pki::load_or_create(layout.keys());
  if (!pki) return complain(pki.error());
  const auto written = fleet::export_segw(options.directory, options.name, *config, *pki);
  if (!written) return complain(written.error());
  for (const auto& file : *written) fmt::print("{}\n", file);
  fmt::print(
      "\nOn the SeGW: cp -r {}/. /etc/swanctl/ && swanctl --load-all\n"
      "In the fleet file, of a group: ipsec: {{segw: ADDRESS, remote_id: {}}}, and 'uplink: true'\n",
      options.directory, options.name);
  return kDone;
}

}  // namespace

void add_export_verb(CLI::App& lab, Action& chosen) {
  CLI::App* verb = nullptr;
  const auto options =
      add_verb(lab, "export-segw", "What a SeGW of your own needs to take a fleet's devices",
               "lab export-segw /tmp/segw my-fleet.yaml --name segw.example", chosen, export_segw, &verb);
  verb->add_option("DIR", options->directory, "Where to; made")->required();
  verb->add_option("FLEET", options->fleet_file, "The fleet file; without it, the demo's");
  verb->add_option("--name", options->name, "What the SeGW's certificate carries")->capture_default_str();
  add_where(*verb, options->where);
}

}  // namespace hnbemu::app
