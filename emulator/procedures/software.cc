#include "procedures/software.h"

#include "files/firmware.h"
#include "procedures/faults.h"

namespace hnbemu::procedures {
namespace {

constexpr const char* kImageNames[] = {"image-1", "image-2"};

std::string version_of(const Context& context, unsigned image) {
  const auto& version = context.software.images.at(image);
  return version.empty() && image == 0 ? context.profile.software_version : version;
}

std::string device_info(const Context& context) {
  return std::string(context.profile.root()) + "DeviceInfo.";
}

// A reference to it.
std::string image_path(const Context& context, unsigned image) {
  return fmt::format("{}FirmwareImage.{}", device_info(context), image + 1);
}

void show_images(Context& context) {
  auto& model = context.model;
  const auto info = device_info(context);
  for (unsigned image = 0; image < context.software.images.size(); ++image) {
    const auto row = image_path(context, image) + ".";
    const auto version = version_of(context, image);
    model.update(row + "Name", kImageNames[image]);
    model.update(row + "Version", version);
    model.update(row + "Available", version.empty() ? "false" : "true");
    const bool runs = image == context.software.runs;
    model.update(row + "Status", runs ? "Active" : version.empty() ? "NoImage" : "Available");
  }
  model.update(info + "ActiveFirmwareImage", image_path(context, context.software.runs));
  model.update(info + "BootFirmwareImage", image_path(context, context.software.boots));
}

// What is not for this device, and why.
std::optional<std::string> foreign(const Context& context, const files::FirmwareManifest& manifest) {
  const auto& profile = context.profile;
  const std::tuple<const char*, std::string, std::string> same[] = {
      {"OUI", manifest.oui, profile.oui},
      {"product class", manifest.product_class, profile.product_class},
      {"hardware version", manifest.hardware_version, profile.hardware_version}};
  for (const auto& [what, theirs, ours] : same) {
    if (theirs != ours)
      return fmt::format("the firmware image is for {} '{}', this device has '{}'", what, theirs, ours);
  }
  return std::nullopt;
}

// Of all of the image; the thread's others have their turn between the pieces.
Task<Result<>> read_whole(Context& context, files::FirmwareReader& image) {
  auto& clock = context.ports.clock;
  while (true) {
    const auto whole = image.read_piece();
    if (!whole) co_return tl::unexpected(whole.error());
    if (*whole) co_return Result<>{};
    const auto now = clock.now();
    const auto turn = co_await clock.sleep_until(now);
    if (!turn) co_return turn;
  }
}

}  // namespace

void boot_software(Context& context) {
  auto& software = context.software;
  for (unsigned image = 0; image < software.images.size(); ++image) {
    const bool chosen = context.model.value(device_info(context) + "BootFirmwareImage") == image_path(context, image);
    if (chosen && !version_of(context, image).empty()) software.boots = image;
  }
  software.runs = software.boots;
  const auto version = version_of(context, software.runs);
  context.set_value_of("software_version", version);
  show_images(context);
  context.log.add(LogLevel::notice, fmt::format("power-up: software {} from {}, hardware {}", version,
                                                kImageNames[software.runs], context.profile.hardware_version));
  if (software.told.empty() || software.told == version) return;
  software.told = version;
  const std::string path(context.profile.path("software_version"));
  if (context.model.notification(path) > 0) context.notifications.note(path, false);
}

Task<Installed> install_software(Context& context, std::string file) {
  auto image = files::FirmwareReader::open(file);
  if (!image) co_return download_fault(image.error());
  if (const auto why = foreign(context, image->manifest())) co_return corrupted(*why);
  auto reading = read_whole(context, *image);
  const auto whole = co_await std::move(reading);
  if (!whole) co_return download_fault(whole.error());

  auto& software = context.software;
  const auto before = software;
  software.told = version_of(context, software.runs);
  software.boots = 1 - software.runs;
  software.images.at(software.boots) = image->manifest().software_version;
  show_images(context);
  const auto committed = co_await remember(context);
  if (!committed) {
    software = before;
    show_images(context);
    co_return download_fault(committed.error());
  }
  context.log.add(LogLevel::notice, fmt::format("firmware {} installed in {}: it runs from the next boot on",
                                                image->manifest().software_version, kImageNames[software.boots]));
  co_return AfterFile::reboot;
}

}  // namespace hnbemu::procedures
