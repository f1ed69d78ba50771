#pragma once

#include <vector>

#include "cwmp/codec.h"
#include "cwmp/messages.h"

namespace hnbemu::cwmp::test {

inline constexpr const char* kUuid = "0123abcd-0000-0000-0000-0123456789AB";

// One of each message, with what XML makes hard in its values.
inline std::vector<Body> sample_messages() {
  return {
      Inform{{"Example & Co", "00AABB", "HNB", "0001"},
             {{"0 BOOTSTRAP", ""}, {"1 BOOT", ""}, {"M Reboot", "key <1>"}},
             1,
             "2026-03-01T00:00:00Z",
             3,
             {{"InternetGatewayDevice.DeviceSummary", "a < b && c > \"d\"", "xsd:string"},
              {"InternetGatewayDevice.X", "4294967295", "xsd:unsignedInt"},
              {"InternetGatewayDevice.Y", "true", "xsd:boolean"},
              {"InternetGatewayDevice.Z", "2026-03-01T00:00:00Z", "xsd:dateTime"},
              {"InternetGatewayDevice.Empty", "", "xsd:string"}}},
      InformResponse{},
      GetRpcMethods{},
      GetRpcMethodsResponse{{"GetRPCMethods", "Reboot"}},
      SetParameterValues{{{"Device.A", " two words\r\n\tand a line ", "xsd:string"}, {"Device.B", "-1", "xsd:int"}},
                         "key"},
      SetParameterValuesResponse{1},
      GetParameterValues{{"Device.", "Device.A"}},
      GetParameterValuesResponse{{{"Device.A", "\xC3\xA4\xE2\x82\xAC", "xsd:string"}}},
      GetParameterNames{"Device.", true},
      GetParameterNamesResponse{{{"Device.A", true}, {"Device.B.", false}}},
      SetParameterAttributes{{{"Device.A", true, 2, true, {"Subscriber"}}, {"Device.B.", false, 0, true, {}}}},
      SetParameterAttributesResponse{},
      GetParameterAttributes{{"Device.", "Device.A"}},
      GetParameterAttributesResponse{{{"Device.A", 2, {"Subscriber"}}, {"Device.B", 0, {}}}},
      AddObject{"Device.Table.", "key"},
      AddObjectResponse{4294967295, 1},
      DeleteObject{"Device.Table.1.", ""},
      DeleteObjectResponse{1},
      Reboot{"a key"},
      RebootResponse{},
      FactoryReset{},
      FactoryResetResponse{},
      ScheduleInform{4294967295, "later"},
      ScheduleInformResponse{},
      Download{"key", "1 Firmware Upgrade Image", "http://files.example/a?b&c", "user", "pass", 1234, "name", 60,
               "http://ok.example/", "http://not.example/"},
      DownloadResponse{{1, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"}},
      Upload{"key", "2 Vendor Log File", "ftp://files.example/log", "", "", 0},
      UploadResponse{{0, "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"}},
      ScheduleDownload{"key",
                       "1 Firmware Upgrade Image",
                       "http://files.example/",
                       "",
                       "",
                       0,
                       "",
                       {{60, 120, "1 At Any Time", "", -1}, {180, 240, "2 Immediately", "now", 2}}},
      ScheduleDownloadResponse{},
      CancelTransfer{"key"},
      CancelTransferResponse{},
      GetQueuedTransfers{},
      GetQueuedTransfersResponse{{{"key", 2}, {"", 3}}},
      GetAllQueuedTransfers{},
      GetAllQueuedTransfersResponse{{{"key", 1, false, "3 Vendor Configuration File", 0, ""}}},
      TransferComplete{"key", 9010, "the image is truncated", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"},
      TransferCompleteResponse{},
      AutonomousTransferComplete{"http://announce.example/", "http://files.example/", true, "1 Firmware Upgrade Image",
                                 5, "name", 0, "", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"},
      AutonomousTransferCompleteResponse{},
      RequestDownload{"1 Firmware Upgrade Image", {{"Version", "2"}}},
      RequestDownloadResponse{},
      SetVouchers{{"PGEvPg==", ""}},
      SetVouchersResponse{},
      GetOptions{"Second <carrier>"},
      GetOptionsResponse{{{"One", 7, 3, 1, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", true},
                          {"Two", 4294967295, 0, 0, "2026-03-01T00:00:00Z"}}},
      ChangeDuState{{{DuOperation::Kind::install, kUuid, "http://files.example/?a&b", "user", "pass", "", "Env.1."},
                     {DuOperation::Kind::update, "", "", "", "", "1 < 2", ""},
                     {DuOperation::Kind::uninstall, kUuid, "", "", "", "2", "Env.1."}},
                    "key"},
      ChangeDuStateResponse{},
      DuStateChangeComplete{{{kUuid, "Unit.1.", "1 < 2", "Failed", true, "Unit.2.", "2026-03-01T00:00:00Z",
                              "2026-03-01T00:00:00Z", 9023, "no & none"}},
                            ""},
      DuStateChangeCompleteResponse{},
      Kicked{"command", "http://a.example/?b&c", "arg", "next"},
      KickedResponse{"http://next.example/"},
      Fault{"Client",
            9003,
            "Invalid arguments",
            {{"Device.A", 9005, "Invalid parameter name"}, {"Device.B", 9007, "Invalid parameter value"}}},
      Fault{"MustUnderstand", 0, "the header Foo is not understood"},
  };
}

// Whether that version of CWMP has the message.
inline bool exists_in(Version version, const Body& body) {
  for (const std::string_view name : {"ScheduleDownload", "CancelTransfer", "ChangeDUState", "DUStateChangeComplete"}) {
    if (message_name(body).starts_with(name)) return version >= Version::v1_2;
  }
  for (const std::string_view name : {"GetAllQueuedTransfers", "AutonomousTransferComplete"}) {
    if (message_name(body).starts_with(name)) return version >= Version::v1_1;
  }
  return true;
}

}  // namespace hnbemu::cwmp::test
