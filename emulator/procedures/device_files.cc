#include "procedures/device_files.h"

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "base/read_up_to.h"
#include "datamodel/path.h"
#include "files/cm_file.h"
#include "files/text.h"
#include "procedures/cm_file.h"
#include "procedures/configuration.h"
#include "procedures/faults.h"
#include "procedures/software.h"

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kFirmware = "1 Firmware Upgrade Image";             // Download
constexpr std::string_view kConfiguration = "3 Vendor Configuration File";     // Download; Upload with " <i>" behind it
constexpr std::string_view kAnyConfiguration = "1 Vendor Configuration File";  // Upload
constexpr std::string_view kAnyLog = "2 Vendor Log File";                      // Upload
constexpr std::string_view kLog = "4 Vendor Log File";                         // Upload with " <i>" behind it
constexpr std::size_t kCmBeginning = 64;                                       // bytes that tell a CM file
constexpr std::size_t kMaxFaultString = 256;                                   // bytes; TransferComplete has as many

// TR-069 A.4.1.5: " <i>" is the instance number of the row that stands for the file.
bool is_row(const Context& context, std::string_view file_type, std::string_view kind, std::string_view table) {
  if (!file_type.starts_with(kind) || !file_type.substr(kind.size()).starts_with(' ')) return false;
  const auto number = datamodel::instance_number(file_type.substr(kind.size() + 1));
  const auto state = context.model.table_state(fmt::format("{}DeviceInfo.{}.", context.profile.root(), table));
  return number && state && std::ranges::binary_search(state->rows, *number);
}

bool is_configuration(const Context& context, std::string_view file_type) {
  return file_type == kAnyConfiguration || is_row(context, file_type, kConfiguration, "VendorConfigFile");
}

// A file of the type kConfiguration is the vendor's own, or of TS 32.584 and TS 32.594.
bool is_cm_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return files::is_cm_file(read_up_to(stream, kCmBeginning));
}

Task<Installed> install_any_configuration(Context& context, std::string file) {
  return is_cm_file(file) ? install_cm_file(context, std::move(file)) : install_configuration(context, std::move(file));
}

bool is_log(const Context& context, std::string_view file_type) {
  return file_type == kAnyLog || is_row(context, file_type, kLog, "VendorLogFile");
}

}  // namespace

bool can_download(const Context& /*context*/, std::string_view file_type) {
  return file_type == kFirmware || file_type == kConfiguration;
}

bool can_upload(const Context& context, std::string_view file_type) {
  return is_configuration(context, file_type) || is_log(context, file_type);
}

void prepare_files(Context& context) {
  context.log.watch(context.steps);
  context.log.watch(context.alarms);
  context.model.set_source(std::string(context.profile.root()) + "DeviceInfo.DeviceLog",
                           [&context] { return context.log.text(); });
}

void boot_files(Context& context) {
  boot_software(context);
  show_files(context);
}

Task<Installed> install_file(Context& context, std::string file_type, std::string file) {
  auto installing = file_type == kFirmware ? install_software(context, std::move(file))
                                           : install_any_configuration(context, std::move(file));
  auto installed = co_await std::move(installing);
  if (!installed) {
    auto& text = installed.error().text;
    text = files::cut(text, kMaxFaultString);
    context.log.add(LogLevel::error, fmt::format("{} refused, fault {}: {}", file_type, installed.error().code, text));
  }
  co_return installed;
}

tl::expected<void, FileFault> make_file(Context& context, std::string_view file_type, const std::string& file) {
  const auto text = is_configuration(context, file_type) ? configuration_text(context) : context.log.text();
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (stream) return {};
  return tl::unexpected(FileFault{kUploadFailure, fail_errno("cannot write the file to send", errno).value().detail});
}

}  // namespace hnbemu::procedures
