#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The messages about file transfers (TR-069 A.3.2.8, A.3.3.2, A.4.1.5 to A.4.1.9, A.4.2.2 to A.4.2.3).
namespace hnbemu::cwmp {

// --- of the ACS ---
struct Download {
  static constexpr std::string_view kName = "Download";
  std::string command_key;
  std::string file_type;  // "1 Firmware Upgrade Image"
  std::string url;
  std::string username;
  std::string password;
  std::uint32_t file_size = 0;  // bytes; 0: not told
  std::string target_file_name;
  std::uint32_t delay_seconds = 0;
  std::string success_url;
  std::string failure_url;
};
struct Upload {
  static constexpr std::string_view kName = "Upload";
  std::string command_key;
  std::string file_type;  // "1 Vendor Configuration File"
  std::string url;
  std::string username;
  std::string password;
  std::uint32_t delay_seconds = 0;
};
// The answer to a Download and to an Upload: done (0), with its times, or to be done (1), with unknown times.
struct TransferResponse {
  int status = 0;
  std::string start_time;     // dateTime
  std::string complete_time;  // dateTime
};
struct DownloadResponse : TransferResponse {
  static constexpr std::string_view kName = "DownloadResponse";
};
struct UploadResponse : TransferResponse {
  static constexpr std::string_view kName = "UploadResponse";
};
struct TimeWindowStruct {
  std::uint32_t start = 0;  // seconds after the request was received
  std::uint32_t end = 0;
  std::string mode;  // "1 At Any Time" to "4 Confirmation Needed"
  std::string user_message;
  std::int32_t max_retries = 0;  // -1: the device's own choice
};
struct ScheduleDownload {
  static constexpr std::string_view kName = "ScheduleDownload";
  std::string command_key;
  std::string file_type;
  std::string url;
  std::string username;
  std::string password;
  std::uint32_t file_size = 0;
  std::string target_file_name;
  std::vector<TimeWindowStruct> windows;  // one or two
};
struct ScheduleDownloadResponse {
  static constexpr std::string_view kName = "ScheduleDownloadResponse";
};
struct CancelTransfer {
  static constexpr std::string_view kName = "CancelTransfer";
  std::string command_key;
};
struct CancelTransferResponse {
  static constexpr std::string_view kName = "CancelTransferResponse";
};
struct GetQueuedTransfers {
  static constexpr std::string_view kName = "GetQueuedTransfers";
};
struct QueuedTransferStruct {
  std::string command_key;
  int state = 1;  // 1 not started, 2 in progress, 3 completed and not told yet
};
struct GetQueuedTransfersResponse {
  static constexpr std::string_view kName = "GetQueuedTransfersResponse";
  std::vector<QueuedTransferStruct> transfers;
};
struct GetAllQueuedTransfers {
  static constexpr std::string_view kName = "GetAllQueuedTransfers";
};
struct AllQueuedTransferStruct {
  std::string command_key;
  int state = 1;
  bool is_download = true;
  std::string file_type;
  std::uint32_t file_size = 0;
  std::string target_file_name;
};
struct GetAllQueuedTransfersResponse {
  static constexpr std::string_view kName = "GetAllQueuedTransfersResponse";
  std::vector<AllQueuedTransferStruct> transfers;
};

// --- of the device ---
struct TransferComplete {
  static constexpr std::string_view kName = "TransferComplete";
  std::string command_key;
  int fault_code = 0;  // 0: it went well
  std::string fault_string;
  std::string start_time;     // dateTime
  std::string complete_time;  // dateTime
};
struct TransferCompleteResponse {
  static constexpr std::string_view kName = "TransferCompleteResponse";
};
struct AutonomousTransferComplete {
  static constexpr std::string_view kName = "AutonomousTransferComplete";
  std::string announce_url;
  std::string transfer_url;
  bool is_download = true;
  std::string file_type;
  std::uint32_t file_size = 0;
  std::string target_file_name;
  int fault_code = 0;
  std::string fault_string;
  std::string start_time;
  std::string complete_time;
};
struct AutonomousTransferCompleteResponse {
  static constexpr std::string_view kName = "AutonomousTransferCompleteResponse";
};
struct ArgStruct {
  std::string name;
  std::string value;
  bool operator==(const ArgStruct&) const = default;
};
struct RequestDownload {
  static constexpr std::string_view kName = "RequestDownload";
  std::string file_type;
  std::vector<ArgStruct> arguments;
};
struct RequestDownloadResponse {
  static constexpr std::string_view kName = "RequestDownloadResponse";
};

}  // namespace hnbemu::cwmp
