#include "conformance/transfers.h"

#include <fstream>
#include <iterator>

#include "files/firmware.h"

namespace hnbemu::conformance {

std::string TransferDevice::configuration(const std::string& ntp_server) {
  return fmt::format("hnbemu vendor configuration 1\noui: 02A1B2\nproduct_class: LTE-HeNB\n\n{} = {}\nend\n", kServer1,
                     ntp_server);
}

std::string TransferDevice::firmware(const std::string& version, const std::string& oui) {
  const auto file = testing::TempDir() + "conformance-image-" + version + oui;
  const auto made = hnbemu::files::write_firmware(file, {oui, "LTE-HeNB", "1.0", version, 1000, {}}, {});
  EXPECT_TRUE(made);
  std::ifstream stream(file, std::ios::binary);
  std::string image{std::istreambuf_iterator<char>(stream), {}};
  std::remove(file.c_str());
  return image;
}

cwmp::Download TransferDevice::download(const std::string& key, const char* type) {
  cwmp::Download request;
  request.command_key = key;
  request.file_type = type;
  request.url = kFileUrl;
  return request;
}

cwmp::Upload TransferDevice::upload(const std::string& key) {
  cwmp::Upload request;
  request.command_key = key;
  request.file_type = "1 Vendor Configuration File";
  request.url = kFileUrl;
  return request;
}

cwmp::ScheduleDownload TransferDevice::schedule(const std::vector<std::pair<unsigned, unsigned>>& windows,
                                                int retries) {
  cwmp::ScheduleDownload request;
  request.command_key = "key";
  request.file_type = kConfigurationFile;
  request.url = kFileUrl;
  for (const auto& [begin, end] : windows) request.windows.push_back({begin, end, "1 At Any Time", "", retries});
  return request;
}

void TransferDevice::quirk_status_0() {
  profile.quirks.download_status_0 = true;
  make_device();
}

int TransferDevice::download_fault(Cause cause) {
  files.script.clear();
  files.fail(cause);
  acs->forget();
  ask(download());
  run_for(std::chrono::minutes(1));
  const auto all = told();
  EXPECT_EQ(all.size(), 1u) << to_string(cause);
  return all.empty() ? -1 : all.front().fault_code;
}

std::vector<std::string> TransferDevice::events_with(const std::string& code) const {
  for (const auto& inform : acs->informs()) {
    std::vector<std::string> all;
    for (const auto& event : inform.events) all.push_back(fmt::format("{}|{}", event.event_code, event.command_key));
    if (std::ranges::find(inform.events, code, &cwmp::EventStruct::event_code) != inform.events.end()) return all;
  }
  return {};
}

}  // namespace hnbemu::conformance
