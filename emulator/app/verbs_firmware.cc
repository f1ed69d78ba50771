#include <cstdio>

#include "app/command_line.h"
#include "app/verbs.h"
#include "config/profile.h"
#include "files/firmware.h"

namespace hnbemu::app {
namespace {

constexpr std::string_view kForeignOui = "00DEAD";  // of nobody's devices here

struct FirmwareOptions {
  std::string profile;
  std::string version;
  std::uint64_t size = 1u << 20;
  std::string output;  // "": by product class and version
  std::string oui;
  std::string product_class;
  std::string hardware_version;
  bool foreign = false;
  files::FirmwareFlaws flaws;
};

struct ShowFirmwareOptions {
  std::string file;
};

std::string file_name(const files::FirmwareManifest& manifest) {
  auto name = fmt::format("{}-{}.img", manifest.product_class, manifest.software_version);
  for (char& c : name) {
    if (c == '/' || c == ' ') c = '_';
  }
  return name;
}

int make_image(const FirmwareOptions& options) {
  const auto profile = config::load_profile(options.profile, {HNBEMU_PROFILES});
  if (!profile) return complain(profile.error());
  const auto chosen = [](const std::string& own, const std::string& of_profile) {
    return own.empty() ? of_profile : own;
  };
  files::FirmwareManifest manifest;
  manifest.oui = options.foreign ? kForeignOui : chosen(options.oui, profile->oui);
  manifest.product_class = chosen(options.product_class, profile->product_class);
  manifest.hardware_version = chosen(options.hardware_version, profile->hardware_version);
  manifest.software_version = options.version;
  manifest.payload_size = options.size;
  const auto output = options.output.empty() ? file_name(manifest) : options.output;
  const auto written = files::write_firmware(output, manifest, options.flaws);
  if (!written) return complain(written.error());
  fmt::print("{}: software {} for {} {}, hardware {}, payload of {} bytes{}\n", output, written->software_version,
             written->oui, written->product_class, written->hardware_version, written->payload_size,
             options.flaws.truncated       ? " (less on purpose)"
             : options.flaws.corrupt       ? " (damaged on purpose)"
             : options.flaws.bad_signature ? " (signed wrong on purpose)"
             : options.foreign             ? " (of another vendor on purpose)"
                                           : "");
  return kDone;
}

int show_image(const ShowFirmwareOptions& options) {
  auto image = files::FirmwareReader::open(options.file);
  if (!image) return complain(image.error());
  const auto& manifest = image->manifest();
  fmt::print("OUI               {}\nproduct class     {}\nhardware version  {}\nsoftware version  {}\n", manifest.oui,
             manifest.product_class, manifest.hardware_version, manifest.software_version);
  fmt::print("payload           {} bytes, SHA-256 {}\n", manifest.payload_size, manifest.payload_sha256);
  while (true) {
    const auto whole = image->read_piece();
    if (!whole) return complain(whole.error());
    if (*whole) break;
  }
  fmt::print("good              a device of this OUI, product class and hardware version takes it\n");
  return kDone;
}

}  // namespace

void add_firmware_verbs(CLI::App& app, Action& chosen) {
  auto* const group = app.add_subcommand("firmware", "Firmware images for Download, right ones and wrong ones");
  group->require_subcommand(1);
  CLI::App* verb = nullptr;
  const auto make_options =
      add_verb(*group, "make", "An image that the devices of a profile take, or refuse with fault 9018",
               "firmware make --profile lte-henb --version 2.4.0 --out henb-2.4.0.img", chosen, make_image, &verb);
  verb->add_option("--profile", make_options->profile, "Whose devices it is for: a profile's name, or a file")
      ->required();
  verb->add_option("--version", make_options->version, "SoftwareVersion of a device that has booted it")->required();
  verb->add_option("--size", make_options->size, "Of the payload: bytes, or with a unit (200MB)")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("1MB");
  verb->add_option("--out", make_options->output, "Where to; without it PRODUCT_CLASS-VERSION.img");
  verb->add_option("--oui", make_options->oui, "For devices whose fleet file gives them another OUI");
  verb->add_option("--product-class", make_options->product_class, "Another than the profile's");
  verb->add_option("--hardware-version", make_options->hardware_version, "Another than the profile's");
  verb->add_flag("--foreign", make_options->foreign, "Wrong: another vendor's");
  verb->add_flag("--truncate", make_options->flaws.truncated, "Wrong: the second half of the payload is missing");
  verb->add_flag("--corrupt", make_options->flaws.corrupt, "Wrong: one bit of the payload is another");
  verb->add_flag("--bad-signature", make_options->flaws.bad_signature, "Wrong: the signature is not the vendor's");

  const auto show_options = add_verb(*group, "show", "What an image says, and whether it is right; 2 if it is not",
                                     "firmware show henb-2.4.0.img", chosen, show_image, &verb);
  verb->add_option("FILE", show_options->file, "The image")->required();
}

}  // namespace hnbemu::app
