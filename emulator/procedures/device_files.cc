#include "procedures/device_files.h"

#include <fmt/format.h>

namespace hnbemu::procedures {
namespace {

constexpr std::string_view kFirmware = "1 Firmware Upgrade Image";             // Download
constexpr std::string_view kConfiguration = "3 Vendor Configuration File";     // Download; Upload with " <i>" behind it
constexpr std::string_view kAnyConfiguration = "1 Vendor Configuration File";  // Upload
constexpr std::string_view kAnyLog = "2 Vendor Log File";                      // Upload
constexpr std::string_view kLog = "4 Vendor Log File";                         // Upload with " <i>" behind it

constexpr int kDownloadFailure = 9010;
constexpr int kUploadFailure = 9011;

bool is_instance_of(std::string_view file_type, std::string_view kind) {
  return file_type.starts_with(kind) && file_type.substr(kind.size()) == " 1";
}

}  // namespace

bool can_download(const Context& /*context*/, std::string_view file_type) {
  return file_type == kFirmware || file_type == kConfiguration;
}

bool can_upload(const Context& /*context*/, std::string_view file_type) {
  return file_type == kAnyConfiguration || file_type == kAnyLog || is_instance_of(file_type, kConfiguration) ||
         is_instance_of(file_type, kLog);
}

Task<Installed> install_file(Context& /*context*/, std::string file_type, std::string /*file*/) {
  co_return tl::unexpected(FileFault{kDownloadFailure, fmt::format("this device does not install {} yet", file_type)});
}

tl::expected<void, FileFault> make_file(Context& /*context*/, std::string_view file_type, const std::string& /*file*/) {
  return tl::unexpected(FileFault{kUploadFailure, fmt::format("this device does not make {} yet", file_type)});
}

}  // namespace hnbemu::procedures
