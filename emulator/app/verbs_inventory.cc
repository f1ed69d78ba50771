#include <cstdio>

#include "app/command_line.h"
#include "app/verbs.h"
#include "config/profile.h"
#include "fleet/inventory.h"
#include "lab/file.h"

namespace hnbemu::app {
namespace {

struct InventoryOptions {
  std::string fleet_file;
  std::string format = "csv";
  std::string output;  // "": standard output
};

struct ImportVerbOptions {
  std::string list;
  fleet::ImportOptions options;
  std::string output;
};

int write(const std::string& text, const std::string& file) {
  if (file.empty()) {
    fmt::print("{}", text);
    return kDone;
  }
  const auto written = lab::write_file(file, text, 0600);  // it has passwords
  return written ? kDone : complain(written.error());
}

int export_inventory(const InventoryOptions& options) {
  const auto config = config::load_fleet(options.fleet_file, config::known_profiles({HNBEMU_PROFILES}));
  if (!config) return complain(config.error());
  const auto rows = fleet::inventory(*config, {HNBEMU_PROFILES});
  if (!rows) return complain(rows.error());
  return write(options.format == "json" ? fleet::to_json(*rows) : fleet::to_csv(*rows), options.output);
}

int import_inventory(const ImportVerbOptions& verb) {
  const auto list = lab::read_file(verb.list);
  if (!list) return complain({Cause::configuration, list.error().detail, 0});
  const auto fleet_file = fleet::import_inventory(*list, verb.list, verb.options);
  if (!fleet_file) return complain(fleet_file.error());
  // What the list says must make a fleet: it is better told now than at the start.
  const auto good = config::parse_fleet(*fleet_file, verb.output.empty() ? "fleet file" : verb.output,
                                        config::known_profiles({HNBEMU_PROFILES}));
  if (!good) return complain(good.error());
  return write(*fleet_file, verb.output);
}

}  // namespace

void add_inventory_verbs(CLI::App& app, Action& chosen) {
  auto* const group = app.add_subcommand("inventory", "The devices of a fleet as a list");
  group->require_subcommand(1);
  CLI::App* verb = nullptr;
  const auto out = add_verb(*group, "export", "What an ACS or SeGW must be loaded with to know a fleet's devices",
                            "inventory export my-fleet.yaml --format json", chosen, export_inventory, &verb);
  verb->add_option("FLEET", out->fleet_file, "Fleet file (YAML)")->required();
  verb->add_option("--format", out->format, "csv or json")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  verb->add_option("-o,--output", out->output, "Where to; standard output without it");

  const auto in =
      add_verb(*group, "import", "A fleet file with the devices of an existing list",
               "inventory import devices.csv --profile lte-henb -o my-fleet.yaml", chosen, import_inventory, &verb);
  verb->add_option("LIST", in->list,
                   "CSV with a header, or JSON, as 'inventory export' writes them; 'serial' is enough")
      ->required();
  verb->add_option("--profile", in->options.profile, "Of devices for which the list names none");
  verb->add_option("--name", in->options.group, "Of the fleet and its group")->capture_default_str();
  verb->add_option("--segw", in->options.segw, "A SeGW of your own, for the list's identities and pre-shared keys");
  verb->add_option("-o,--output", in->output, "Where to; standard output without it");
}

}  // namespace hnbemu::app
