#include <cstdio>

#include "app/command_line.h"
#include "app/verbs.h"
#include "lab/file.h"
#include "tr106/import.h"
#include "tr106/table_writer.h"

namespace hnbemu::app {
namespace {

struct ImportTableOptions {
  std::string file;
  tr106::ImportOptions import;
  std::string output;  // "": standard output
};

int import_table(const ImportTableOptions& options) {
  const auto document = tr106::import_document(options.file, options.import);
  if (!document) return complain(document.error());
  const auto table = tr106::write_table(*document);
  if (options.output.empty()) {
    fmt::print("{}", table);
    return kDone;
  }
  const auto written = lab::replace_file(options.output, table);
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_profile_verbs(CLI::App& app, Action& chosen) {
  auto* const group = app.add_subcommand("profile", "Device profiles and the data models that they are made of");
  group->require_subcommand(1);
  CLI::App* verb = nullptr;
  const auto options = add_verb(
      *group, "import", "A model table from a Broadband Forum data-model document",
      "profile import tr-181-2-17-0-cwmp-full.xml --only Device.DeviceInfo. --only Device.IP. -o my-device.table",
      chosen, import_table, &verb);
  verb->add_option("FILE", options->file, "XML (TR-106 Annex A); what it imports stands beside it")->required();
  verb->add_option("--root", options->import.root,
                   "Put before all paths: Device.Services. for a service, Device. for a component");
  verb->add_option("--only", options->import.only, "Keep what begins with this path, root included; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("-o,--output", options->output, "Where to; standard output without it");
  add_profile_show_verbs(*group, chosen);
}

}  // namespace hnbemu::app
