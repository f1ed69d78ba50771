#include "procedures/configuration.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/read_up_to.h"
#include "files/configuration.h"
#include "procedures/faults.h"

namespace hnbemu::procedures {
namespace {

constexpr std::size_t kMaxFaultsTold = 3;
constexpr std::string_view kNoSettings[] = {"DiagnosticsState", "BootFirmwareImage"};  // actions rather

bool is_setting(const datamodel::Setting& setting) {
  const auto name = std::string_view(setting.path).substr(setting.path.rfind('.') + 1);
  return std::ranges::find(kNoSettings, name) == std::end(kNoSettings);
}

// What is too large is not read.
Result<std::string> read_bounded(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  auto text = read_up_to(stream, files::kMaxConfigurationBytes + 1);
  if (!stream.eof() && text.empty()) return fail(Cause::system, "cannot read the configuration file");
  return text;
}

std::optional<std::string> foreign(const Context& context, const files::Configuration& configuration) {
  if (auto why = of_another_kind(context, configuration.oui, configuration.product_class)) return why;
  const auto serial = context.value_of("serial_number");
  if (configuration.serial_number.empty() || configuration.serial_number == serial) return std::nullopt;
  return fmt::format("the configuration file is for serial number '{}', this device has '{}'",
                     configuration.serial_number, serial);
}

std::string to_text(const std::vector<datamodel::ParameterFault>& faults) {
  std::string text;
  for (std::size_t i = 0; i < std::min(faults.size(), kMaxFaultsTold); ++i)
    text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", faults[i].path, faults[i].text);
  if (faults.size() > kMaxFaultsTold) text += fmt::format("; and {} more", faults.size() - kMaxFaultsTold);
  return text;
}

}  // namespace

std::optional<std::string> of_another_kind(const Context& context, std::string_view oui,
                                           std::string_view product_class) {
  const auto differs = [](const char* what, std::string_view theirs, std::string_view ours) {
    return fmt::format("the configuration file is for {} '{}', this device has '{}'", what, theirs, ours);
  };
  const auto& profile = context.profile;
  if (oui != profile.oui) return differs("OUI", oui, profile.oui);
  if (product_class != profile.product_class) return differs("product class", product_class, profile.product_class);
  return std::nullopt;
}

std::string configuration_text(const Context& context) {
  files::Configuration configuration{context.profile.oui, context.profile.product_class};
  configuration.serial_number = context.value_of("serial_number");
  configuration.version = context.configuration.version;
  configuration.description = context.configuration.description;
  configuration.software_version = context.value_of("software_version");
  configuration.date = to_date_time(std::chrono::floor<Seconds>(context.ports.clock.wall_now()));
  configuration.settings = context.model.settings();
  std::erase_if(configuration.settings, [](const auto& setting) { return !is_setting(setting); });
  return files::to_text(configuration);
}

Task<Installed> install_configuration(Context& context, std::string file) {
  const auto text = read_bounded(file);
  if (!text) co_return download_fault(text.error());
  auto read = files::parse_configuration(*text);
  if (!read) co_return download_fault(read.error());
  if (const auto why = foreign(context, *read)) co_return corrupted(*why);

  auto& settings = read->settings;
  const auto size = settings.size();
  ConfigurationNote note{read->version, {}, read->description};
  auto apply = apply_settings(context, std::move(settings), std::move(note));
  auto applied = co_await std::move(apply);
  if (applied) context.log.add(LogLevel::notice, fmt::format("configuration taken from a file: {} settings", size));
  co_return applied;
}

Task<Installed> apply_settings(Context& context, std::vector<datamodel::Setting> settings, ConfigurationNote note) {
  const auto before = context.model.settings();
  const auto loaded = context.model.load(settings);
  if (!loaded) co_return corrupted("the configuration is refused: " + to_text(loaded.error()));
  note.date = to_date_time(std::chrono::floor<Seconds>(context.ports.clock.wall_now()));
  auto noted = std::exchange(context.configuration, std::move(note));
  const auto committed = co_await remember(context);
  if (!committed) {
    (void)context.model.load(before);
    context.configuration = std::move(noted);
    co_return download_fault(committed.error());
  }
  show_files(context);
  co_return AfterFile::nothing;
}

void show_files(Context& context) {
  auto& model = context.model;
  const auto info = std::string(context.profile.root()) + "DeviceInfo.";
  const auto& note = context.configuration;
  const auto file = info + "VendorConfigFile.1.";
  model.update(file + "Name", "configuration");
  model.update(file + "Version", note.version);
  model.update(file + "Date", note.date.empty() ? unknown_time : std::string_view(note.date));
  model.update(file + "Description", note.description);
  model.update(file + "UseForBackupRestore", "true");
  const auto log = info + "VendorLogFile.1.";
  model.update(log + "Name", "log");
  model.update(log + "MaximumSize", fmt::to_string(DeviceLog::kMaxBytes));
  model.update(log + "Persistent", "false");
}

}  // namespace hnbemu::procedures
