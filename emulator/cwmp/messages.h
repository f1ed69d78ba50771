#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cwmp/optional_messages.h"
#include "cwmp/transfer_messages.h"

// The messages of CWMP as plain structs (TR-069 Annex A). One codec serves both ends: the device and the reference HMS.
// A new message needs its struct with its name on the wire, a place in Body, and its fields() in one of the …_fields.h,
// unless it has no arguments; codec.cc finds it by its name.
namespace hnbemu::cwmp {

// Namespace URIs: 1.0 -> cwmp-1-0, 1.1 -> cwmp-1-1, 1.2 and later -> cwmp-1-2.
enum class Version : std::uint8_t { v1_0, v1_1, v1_2, v1_3, v1_4 };

struct DeviceId {
  std::string manufacturer;
  std::string oui;  // six upper-case hexadecimal digits
  std::string product_class;
  std::string serial_number;
  bool operator==(const DeviceId&) const = default;
};

struct EventStruct {
  std::string event_code;  // "0 BOOTSTRAP", "M Reboot"
  std::string command_key;
  bool operator==(const EventStruct&) const = default;
};

struct ParameterValueStruct {
  std::string name;
  std::string value;
  std::string type;  // "xsd:string" …; as sent, for the strict and lenient typing of the data model
  bool operator==(const ParameterValueStruct&) const = default;
};

struct ParameterInfoStruct {
  std::string name;
  bool writable = false;
  bool operator==(const ParameterInfoStruct&) const = default;
};

// --- device to ACS ---
struct Inform {
  static constexpr std::string_view kName = "Inform";
  DeviceId device_id;
  std::vector<EventStruct> events;
  std::uint32_t max_envelopes = 1;
  std::string current_time;  // dateTime
  std::uint32_t retry_count = 0;
  std::vector<ParameterValueStruct> parameters;
};
struct InformResponse {
  static constexpr std::string_view kName = "InformResponse";
  std::uint32_t max_envelopes = 1;
};

struct Kicked {
  static constexpr std::string_view kName = "Kicked";
  std::string command;
  std::string referer;
  std::string arg;
  std::string next;
};
struct KickedResponse {
  static constexpr std::string_view kName = "KickedResponse";
  std::string next_url;
};

// --- either direction ---
struct GetRpcMethods {
  static constexpr std::string_view kName = "GetRPCMethods";
};
struct GetRpcMethodsResponse {
  static constexpr std::string_view kName = "GetRPCMethodsResponse";
  std::vector<std::string> methods;
};

// --- ACS to device ---
struct SetParameterValues {
  static constexpr std::string_view kName = "SetParameterValues";
  std::vector<ParameterValueStruct> parameters;
  std::string parameter_key;
};
struct SetParameterValuesResponse {
  static constexpr std::string_view kName = "SetParameterValuesResponse";
  int status = 0;
};
struct GetParameterValues {
  static constexpr std::string_view kName = "GetParameterValues";
  std::vector<std::string> names;
};
struct GetParameterValuesResponse {
  static constexpr std::string_view kName = "GetParameterValuesResponse";
  std::vector<ParameterValueStruct> parameters;
};
struct GetParameterNames {
  static constexpr std::string_view kName = "GetParameterNames";
  std::string path;
  bool next_level = false;
};
struct GetParameterNamesResponse {
  static constexpr std::string_view kName = "GetParameterNamesResponse";
  std::vector<ParameterInfoStruct> parameters;
};
struct SetParameterAttributesStruct {
  std::string name;  // a partial path means all below it
  bool notification_change = false;
  std::uint32_t notification = 0;
  bool access_list_change = false;
  std::vector<std::string> access_list{};
};
struct SetParameterAttributes {
  static constexpr std::string_view kName = "SetParameterAttributes";
  std::vector<SetParameterAttributesStruct> parameters;
};
struct SetParameterAttributesResponse {
  static constexpr std::string_view kName = "SetParameterAttributesResponse";
};
struct GetParameterAttributes {
  static constexpr std::string_view kName = "GetParameterAttributes";
  std::vector<std::string> names;
};
struct ParameterAttributeStruct {
  std::string name;
  std::uint32_t notification = 0;
  std::vector<std::string> access_list;
  bool operator==(const ParameterAttributeStruct&) const = default;
};
struct GetParameterAttributesResponse {
  static constexpr std::string_view kName = "GetParameterAttributesResponse";
  std::vector<ParameterAttributeStruct> parameters;
};
struct AddObject {
  static constexpr std::string_view kName = "AddObject";
  std::string object_name;  // "Device.Table.", or with an alias "Device.Table.[name]."
  std::string parameter_key;
};
struct AddObjectResponse {
  static constexpr std::string_view kName = "AddObjectResponse";
  std::uint32_t instance_number = 0;
  int status = 0;
};
struct DeleteObject {
  static constexpr std::string_view kName = "DeleteObject";
  std::string object_name;  // "Device.Table.1."
  std::string parameter_key;
};
struct DeleteObjectResponse {
  static constexpr std::string_view kName = "DeleteObjectResponse";
  int status = 0;
};
struct Reboot {
  static constexpr std::string_view kName = "Reboot";
  std::string command_key;
};
struct RebootResponse {
  static constexpr std::string_view kName = "RebootResponse";
};
struct FactoryReset {
  static constexpr std::string_view kName = "FactoryReset";
};
struct FactoryResetResponse {
  static constexpr std::string_view kName = "FactoryResetResponse";
};
struct ScheduleInform {
  static constexpr std::string_view kName = "ScheduleInform";
  std::uint32_t delay_seconds = 0;
  std::string command_key;
};
struct ScheduleInformResponse {
  static constexpr std::string_view kName = "ScheduleInformResponse";
};

// A method whose name this end does not know: a device answers fault 9000, an ACS 8000.
struct UnknownMethod {
  std::string name;
};

// A known method with an argument missing or of the wrong type: a device answers fault 9003, an ACS 8003. Never sent.
struct InvalidMessage {
  std::string name;
  std::string problem;  // one line, for people
};

struct SetParameterValuesFault {
  std::string parameter;
  int code = 0;
  std::string text;
};
struct Fault {
  std::string soap_code;  // "Client" or "Server" (TR-069 3.5); "MustUnderstand", "VersionMismatch" (SOAP 1.1 4.4.1)
  int code = 0;           // 9xxx from a device, 8xxx from an ACS; 0 for a SOAP fault without CWMP detail
  std::string text;
  std::vector<SetParameterValuesFault> set_parameter_values_faults{};
};

using AnyMessage =
    std::variant<std::monostate, Inform, InformResponse, GetRpcMethods, GetRpcMethodsResponse, SetParameterValues,
                 SetParameterValuesResponse, GetParameterValues, GetParameterValuesResponse, GetParameterNames,
                 GetParameterNamesResponse, SetParameterAttributes, SetParameterAttributesResponse,
                 GetParameterAttributes, GetParameterAttributesResponse, AddObject, AddObjectResponse, DeleteObject,
                 DeleteObjectResponse, Reboot, RebootResponse, FactoryReset, FactoryResetResponse, ScheduleInform,
                 ScheduleInformResponse, Download, DownloadResponse, Upload, UploadResponse, ScheduleDownload,
                 ScheduleDownloadResponse, CancelTransfer, CancelTransferResponse, GetQueuedTransfers,
                 GetQueuedTransfersResponse, GetAllQueuedTransfers, GetAllQueuedTransfersResponse, TransferComplete,
                 TransferCompleteResponse, AutonomousTransferComplete, AutonomousTransferCompleteResponse,
                 RequestDownload, RequestDownloadResponse, Kicked, KickedResponse, SetVouchers, SetVouchersResponse,
                 GetOptions, GetOptionsResponse, ChangeDuState, ChangeDuStateResponse, DuStateChangeComplete,
                 DuStateChangeCompleteResponse, UnknownMethod, InvalidMessage, Fault>;

// One message. The special members are out of line: half a hundred alternatives' worth of code is made once.
struct Body : AnyMessage {
  using AnyMessage::AnyMessage;
  Body();
  Body(const Body& other);
  Body(Body&& other) noexcept;
  Body& operator=(const Body& other);
  Body& operator=(Body&& other) noexcept;
  ~Body();
};

struct Envelope {
  Version version = Version::v1_0;      // by the namespace URI of the cwmp prefix
  std::optional<std::string> id{};      // cwmp:ID header
  std::optional<bool> hold_requests{};  // cwmp:HoldRequests header (deprecated since 1.2, still honoured)
  Body body{};
  std::optional<std::uint32_t> session_timeout{};  // cwmp:SessionTimeout, seconds (1.3)
  std::string supported_versions{};                // cwmp:SupportedCWMPVersions, "1.0,1.1" (1.4)
  std::string use_version{};                       // cwmp:UseCWMPVersion, "1.2" (1.4)

  // Filled by decode() alone.
  std::string not_understood{};               // a header with mustUnderstand="1" that is none of the above
  std::vector<std::string> irregularities{};  // what was tolerated, for a referee to record; at most kMaxIrregularities
};

}  // namespace hnbemu::cwmp
