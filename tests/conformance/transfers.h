#pragma once

#include "conformance/rule.h"

// What the rules about file transfers have in common.
namespace hnbemu::conformance {

inline constexpr const char* kFileUrl = "http://files.operator.example/henb";
inline constexpr const char* kConfigurationFile = "3 Vendor Configuration File";
inline constexpr const char* kFirmwareImage = "1 Firmware Upgrade Image";
inline constexpr auto kFaultCode = &cwmp::TransferComplete::fault_code;

class TransferDevice : public Device {
 public:
  TransferDevice() { files.files[kFileUrl] = configuration("set.example"); }

  static std::string configuration(const std::string& ntp_server);
  static std::string firmware(const std::string& version, const std::string& oui = "02A1B2");
  static cwmp::Download download(const std::string& key = "key", const char* type = kConfigurationFile);
  static cwmp::Upload upload(const std::string& key = "key");
  // With a time window for each pair of its begin and end.
  static cwmp::ScheduleDownload schedule(const std::vector<std::pair<unsigned, unsigned>>& windows, int retries = 0);

  void quirk_status_0();
  int download_fault(Cause cause);  // FaultCode in the TransferComplete of a download that fails so

  std::vector<cwmp::TransferComplete> told() const { return said<cwmp::TransferComplete>(); }
  template <class Message>
  std::vector<Message> said() const {
    std::vector<Message> all;
    for (const auto& message : acs->messages) {
      if (const auto* one = std::get_if<Message>(&message.envelope.body)) all.push_back(*one);
    }
    return all;
  }
  // Of the Informs since the ACS forgot, the one whose session told of a transfer.
  std::vector<std::string> events_with(const std::string& code) const;
};

class TransferConformanceTest : public testing::Test, public TransferDevice {};

}  // namespace hnbemu::conformance

#define HNBEMU_TRANSFER_RULE(category, clause, name, text)                     \
  static const bool name##_is_listed = [] {                                    \
    ::hnbemu::conformance::rules().push_back({category, clause, #name, text}); \
    return true;                                                               \
  }();                                                                         \
  TEST_F(TransferConformanceTest, name)
