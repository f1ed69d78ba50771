#include <fstream>

#include "app/command_line.h"
#include "app/verbs.h"
#include "config/profile.h"
#include "files/cm_file.h"

namespace hnbemu::app {
namespace {

struct CmFileOptions {
  std::string profile;
  std::string serial;
  std::string oui, product_class;
  std::string output = "cm.xml";
  std::vector<std::string> assignments;
};

int make_cm_file(const CmFileOptions& options) {
  const auto profile = config::load_profile(options.profile, {HNBEMU_PROFILES});
  if (!profile) return complain(profile.error());
  files::CmFile file;
  const bool hnb = profile->technology == config::Technology::hnb;
  file.format_version = hnb ? "32.584 V14.0.0" : "32.594 V14.0.0";
  file.vendor_name = profile->manufacturer;
  file.oui = options.oui.empty() ? profile->oui : options.oui;
  file.product_class = options.product_class.empty() ? profile->product_class : options.product_class;
  file.local_dn = options.serial.empty() ? "" : "ManagedElement=" + options.serial;
  file.software_version = profile->software_version;
  file.hardware_version = profile->hardware_version;
  file.date = to_date_time(std::chrono::floor<Seconds>(std::chrono::system_clock::now()));
  for (const auto& assignment : options.assignments) {
    const auto parsed = parse_assignment(assignment);
    if (!parsed) return complain(parsed.error());
    file.parameters.push_back({parsed->first, parsed->second});
  }
  std::ofstream stream(options.output, std::ios::binary | std::ios::trunc);
  stream << files::to_xml(file);
  stream.close();
  if (!stream) return complain(fail_errno("cannot write " + options.output, errno).value());
  fmt::print("{}: {} parameters for {} {}{}\n", options.output, file.parameters.size(), file.oui, file.product_class,
             options.serial.empty() ? "" : ", serial number " + options.serial);
  return kDone;
}

}  // namespace

void add_cm_file_verbs(CLI::App& app, Action& chosen) {
  auto* const group = app.add_subcommand("cm-file", "Configuration data files of TS 32.584 and TS 32.594 for Download");
  group->require_subcommand(1);
  CLI::App* verb = nullptr;
  const auto options =
      add_verb(*group, "make", "A file that sets parameters; gzip it or not",
               "cm-file make --profile lte-henb Device.DeviceInfo.ProvisioningCode=blue", chosen, make_cm_file, &verb);
  verb->add_option("--profile", options->profile, "Whose devices it is for: a profile's name, or a file")->required();
  verb->add_option("--serial", options->serial, "For this device alone");
  verb->add_option("--oui", options->oui, "For devices whose fleet file gives them another OUI");
  verb->add_option("--product-class", options->product_class, "Another than the profile's");
  verb->add_option("--out", options->output, "Where to")->capture_default_str();
  verb->add_option("ASSIGNMENTS", options->assignments, "PATH=VALUE")->required();
}

}  // namespace hnbemu::app
