#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The messages of the methods that a device has only if its profile lists them (TR-069 A.4.1.3, A.4.1.4, A.4.1.10,
// A.4.2.3).
namespace hnbemu::cwmp {

// --- of the ACS ---
struct SetVouchers {
  static constexpr std::string_view kName = "SetVouchers";
  std::vector<std::string> vouchers;  // base64 of a signed XML document each (Annex C)
};
struct SetVouchersResponse {
  static constexpr std::string_view kName = "SetVouchersResponse";
};
struct GetOptions {
  static constexpr std::string_view kName = "GetOptions";
  std::string option_name;  // "": all
};
struct OptionStruct {
  std::string name;
  std::uint32_t voucher_sn = 0;
  std::uint32_t state = 0;        // 0 disabled, 1 enabled, both not set up; 2 disabled, 3 enabled, both set up
  int mode = 0;                   // 0 disabled, 1 enabled with expiration, 2 without
  std::string start_date;         // dateTime
  std::string expiration_date{};  // dateTime; "": there is none
  bool is_transferable = false;
  bool operator==(const OptionStruct&) const = default;
};
struct GetOptionsResponse {
  static constexpr std::string_view kName = "GetOptionsResponse";
  std::vector<OptionStruct> options;
};
struct DuOperation {
  enum class Kind : std::uint8_t { install, update, uninstall };
  Kind kind = Kind::install;
  std::string uuid{};  // "": not told
  std::string url{};
  std::string username{};
  std::string password{};
  std::string version{};                    // of the deployment unit
  std::string execution_environment_ref{};  // "Device.SoftwareModules.ExecEnv.1."
};
struct ChangeDuState {
  static constexpr std::string_view kName = "ChangeDUState";
  std::vector<DuOperation> operations;
  std::string command_key;
};
struct ChangeDuStateResponse {
  static constexpr std::string_view kName = "ChangeDUStateResponse";
};

// --- of the device ---
struct OpResultStruct {
  std::string uuid;
  std::string deployment_unit_ref;
  std::string version;
  std::string current_state;  // "Installed", "Uninstalled", "Failed"
  bool resolved = false;
  std::string execution_unit_ref_list;
  std::string start_time;     // dateTime
  std::string complete_time;  // dateTime
  int fault_code = 0;
  std::string fault_string{};
  bool operator==(const OpResultStruct&) const = default;
};
struct DuStateChangeComplete {
  static constexpr std::string_view kName = "DUStateChangeComplete";
  std::vector<OpResultStruct> results;  // in the order of the operations
  std::string command_key;
  bool operator==(const DuStateChangeComplete&) const = default;
};
struct DuStateChangeCompleteResponse {
  static constexpr std::string_view kName = "DUStateChangeCompleteResponse";
};

}  // namespace hnbemu::cwmp
