#pragma once

#include <string_view>

#include "cwmp/message_reader.h"
#include "cwmp/messages.h"
#include "cwmp/xml_writer.h"

// How each message looks on the wire: its name, its arguments in the schema's order. A new message needs its struct in
// messages.h, a place in Body and a Wire here; codec.cc finds it by its name.
namespace hnbemu::cwmp {

template <class Message>
struct Wire;

// A message without arguments.
struct EmptyWire {
  template <class Message>
  static void read(MessageReader&, Message&) {}
  template <class Message>
  static void write(XmlWriter&, const Message&) {}
};

// NOLINTBEGIN(bugprone-macro-parentheses): a type takes none.
#define HNBEMU_CWMP_WIRE(Message, wire_name)              \
  template <>                                             \
  struct Wire<Message> {                                  \
    static constexpr std::string_view name = wire_name;   \
    static void read(MessageReader& in, Message& out);    \
    static void write(XmlWriter& out, const Message& in); \
  }

// NOLINTEND(bugprone-macro-parentheses)
HNBEMU_CWMP_WIRE(Inform, "Inform");
HNBEMU_CWMP_WIRE(InformResponse, "InformResponse");
HNBEMU_CWMP_WIRE(GetRpcMethodsResponse, "GetRPCMethodsResponse");
HNBEMU_CWMP_WIRE(SetParameterValues, "SetParameterValues");
HNBEMU_CWMP_WIRE(SetParameterValuesResponse, "SetParameterValuesResponse");
HNBEMU_CWMP_WIRE(GetParameterValues, "GetParameterValues");
HNBEMU_CWMP_WIRE(GetParameterValuesResponse, "GetParameterValuesResponse");
HNBEMU_CWMP_WIRE(GetParameterNames, "GetParameterNames");
HNBEMU_CWMP_WIRE(GetParameterNamesResponse, "GetParameterNamesResponse");
HNBEMU_CWMP_WIRE(SetParameterAttributes, "SetParameterAttributes");
HNBEMU_CWMP_WIRE(GetParameterAttributes, "GetParameterAttributes");
HNBEMU_CWMP_WIRE(GetParameterAttributesResponse, "GetParameterAttributesResponse");
HNBEMU_CWMP_WIRE(AddObject, "AddObject");
HNBEMU_CWMP_WIRE(AddObjectResponse, "AddObjectResponse");
HNBEMU_CWMP_WIRE(DeleteObject, "DeleteObject");
HNBEMU_CWMP_WIRE(DeleteObjectResponse, "DeleteObjectResponse");
HNBEMU_CWMP_WIRE(Reboot, "Reboot");
HNBEMU_CWMP_WIRE(ScheduleInform, "ScheduleInform");
HNBEMU_CWMP_WIRE(Download, "Download");
HNBEMU_CWMP_WIRE(DownloadResponse, "DownloadResponse");
HNBEMU_CWMP_WIRE(Upload, "Upload");
HNBEMU_CWMP_WIRE(UploadResponse, "UploadResponse");
HNBEMU_CWMP_WIRE(ScheduleDownload, "ScheduleDownload");
HNBEMU_CWMP_WIRE(CancelTransfer, "CancelTransfer");
HNBEMU_CWMP_WIRE(GetQueuedTransfersResponse, "GetQueuedTransfersResponse");
HNBEMU_CWMP_WIRE(GetAllQueuedTransfersResponse, "GetAllQueuedTransfersResponse");
HNBEMU_CWMP_WIRE(TransferComplete, "TransferComplete");
HNBEMU_CWMP_WIRE(AutonomousTransferComplete, "AutonomousTransferComplete");
HNBEMU_CWMP_WIRE(RequestDownload, "RequestDownload");
HNBEMU_CWMP_WIRE(Kicked, "Kicked");
HNBEMU_CWMP_WIRE(KickedResponse, "KickedResponse");
HNBEMU_CWMP_WIRE(SetVouchers, "SetVouchers");
HNBEMU_CWMP_WIRE(GetOptions, "GetOptions");
HNBEMU_CWMP_WIRE(GetOptionsResponse, "GetOptionsResponse");
HNBEMU_CWMP_WIRE(ChangeDuState, "ChangeDUState");
HNBEMU_CWMP_WIRE(DuStateChangeComplete, "DUStateChangeComplete");

#undef HNBEMU_CWMP_WIRE

// NOLINTBEGIN(bugprone-macro-parentheses)
#define HNBEMU_CWMP_EMPTY(Message, wire_name)           \
  template <>                                           \
  struct Wire<Message> : EmptyWire {                    \
    static constexpr std::string_view name = wire_name; \
  }

// NOLINTEND(bugprone-macro-parentheses)
HNBEMU_CWMP_EMPTY(GetRpcMethods, "GetRPCMethods");
HNBEMU_CWMP_EMPTY(SetParameterAttributesResponse, "SetParameterAttributesResponse");
HNBEMU_CWMP_EMPTY(FactoryReset, "FactoryReset");
HNBEMU_CWMP_EMPTY(FactoryResetResponse, "FactoryResetResponse");
HNBEMU_CWMP_EMPTY(ScheduleInformResponse, "ScheduleInformResponse");
HNBEMU_CWMP_EMPTY(RebootResponse, "RebootResponse");
HNBEMU_CWMP_EMPTY(ScheduleDownloadResponse, "ScheduleDownloadResponse");
HNBEMU_CWMP_EMPTY(CancelTransferResponse, "CancelTransferResponse");
HNBEMU_CWMP_EMPTY(GetQueuedTransfers, "GetQueuedTransfers");
HNBEMU_CWMP_EMPTY(GetAllQueuedTransfers, "GetAllQueuedTransfers");
HNBEMU_CWMP_EMPTY(TransferCompleteResponse, "TransferCompleteResponse");
HNBEMU_CWMP_EMPTY(AutonomousTransferCompleteResponse, "AutonomousTransferCompleteResponse");
HNBEMU_CWMP_EMPTY(RequestDownloadResponse, "RequestDownloadResponse");
HNBEMU_CWMP_EMPTY(SetVouchersResponse, "SetVouchersResponse");
HNBEMU_CWMP_EMPTY(ChangeDuStateResponse, "ChangeDUStateResponse");
HNBEMU_CWMP_EMPTY(DuStateChangeCompleteResponse, "DUStateChangeCompleteResponse");

#undef HNBEMU_CWMP_EMPTY

}  // namespace hnbemu::cwmp
