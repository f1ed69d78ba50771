#include "cwmp/message_codec.h"

namespace hnbemu::cwmp {
namespace {

void read_response(MessageReader& in, TransferResponse& out) {
  out.status = static_cast<int>(in.unsigned_int("Status"));
  out.start_time = in.token("StartTime");
  out.complete_time = in.token("CompleteTime");
}

void write_response(XmlWriter& out, const TransferResponse& in) {
  out.element("Status", in.status);
  out.element("StartTime", in.start_time);
  out.element("CompleteTime", in.complete_time);
}

template <class Message>
void read_result(MessageReader& in, Message& out) {
  auto fault = in.structure("FaultStruct");
  out.fault_code = static_cast<int>(fault.unsigned_int("FaultCode"));
  out.fault_string = fault.text("FaultString");
  out.start_time = in.token("StartTime");
  out.complete_time = in.token("CompleteTime");
}

template <class Message>
void write_result(XmlWriter& out, const Message& in) {
  out.open("FaultStruct");
  out.element("FaultCode", in.fault_code);
  out.element("FaultString", in.fault_string);
  out.close("FaultStruct");
  out.element("StartTime", in.start_time);
  out.element("CompleteTime", in.complete_time);
}

// What Download and ScheduleDownload have in common, in the schema's order.
template <class Message>
void read_file(MessageReader& in, Message& out) {
  out.command_key = in.text("CommandKey");
  out.file_type = in.token("FileType");
  out.url = in.token("URL");
  out.username = in.text("Username");
  out.password = in.text("Password");
}

template <class Message>
void write_file(XmlWriter& out, const Message& in) {
  out.element("CommandKey", in.command_key);
  out.element("FileType", in.file_type);
  out.element("URL", in.url);
  out.element("Username", in.username);
  out.element("Password", in.password);
}

}  // namespace

void Wire<Download>::read(MessageReader& in, Download& out) {
  read_file(in, out);
  out.file_size = in.unsigned_int("FileSize");
  out.target_file_name = in.text("TargetFileName");
  out.delay_seconds = in.unsigned_int("DelaySeconds");
  out.success_url = in.token("SuccessURL");
  out.failure_url = in.token("FailureURL");
}

void Wire<Download>::write(XmlWriter& out, const Download& in) {
  write_file(out, in);
  out.element("FileSize", in.file_size);
  out.element("TargetFileName", in.target_file_name);
  out.element("DelaySeconds", in.delay_seconds);
  out.element("SuccessURL", in.success_url);
  out.element("FailureURL", in.failure_url);
}

void Wire<DownloadResponse>::read(MessageReader& in, DownloadResponse& out) {
  read_response(in, out);
}
void Wire<DownloadResponse>::write(XmlWriter& out, const DownloadResponse& in) {
  write_response(out, in);
}

void Wire<Upload>::read(MessageReader& in, Upload& out) {
  read_file(in, out);
  out.delay_seconds = in.unsigned_int("DelaySeconds");
}

void Wire<Upload>::write(XmlWriter& out, const Upload& in) {
  write_file(out, in);
  out.element("DelaySeconds", in.delay_seconds);
}

void Wire<UploadResponse>::read(MessageReader& in, UploadResponse& out) {
  read_response(in, out);
}
void Wire<UploadResponse>::write(XmlWriter& out, const UploadResponse& in) {
  write_response(out, in);
}

void Wire<ScheduleDownload>::read(MessageReader& in, ScheduleDownload& out) {
  read_file(in, out);
  out.file_size = in.unsigned_int("FileSize");
  out.target_file_name = in.text("TargetFileName");
  in.structs("TimeWindowList", [&](MessageReader& item) {
    out.windows.push_back({item.unsigned_int("WindowStart"), item.unsigned_int("WindowEnd"), item.token("WindowMode"),
                           item.text("UserMessage"), item.integer("MaxRetries")});
  });
}

void Wire<ScheduleDownload>::write(XmlWriter& out, const ScheduleDownload& in) {
  write_file(out, in);
  out.element("FileSize", in.file_size);
  out.element("TargetFileName", in.target_file_name);
  out.open_array("TimeWindowList", "cwmp:TimeWindowStruct", in.windows.size());
  for (const auto& window : in.windows) {
    out.open("TimeWindowStruct");
    out.element("WindowStart", window.start);
    out.element("WindowEnd", window.end);
    out.element("WindowMode", window.mode);
    out.element("UserMessage", window.user_message);
    out.element("MaxRetries", window.max_retries);
    out.close("TimeWindowStruct");
  }
  out.close("TimeWindowList");
}

void Wire<CancelTransfer>::read(MessageReader& in, CancelTransfer& out) {
  out.command_key = in.text("CommandKey");
}
void Wire<CancelTransfer>::write(XmlWriter& out, const CancelTransfer& in) {
  out.element("CommandKey", in.command_key);
}

void Wire<GetQueuedTransfersResponse>::read(MessageReader& in, GetQueuedTransfersResponse& out) {
  in.structs("TransferList", [&](MessageReader& item) {
    out.transfers.push_back({item.text("CommandKey"), static_cast<int>(item.unsigned_int("State"))});
  });
}

void Wire<GetQueuedTransfersResponse>::write(XmlWriter& out, const GetQueuedTransfersResponse& in) {
  out.open_array("TransferList", "cwmp:QueuedTransferStruct", in.transfers.size());
  for (const auto& [key, state] : in.transfers) {
    out.open("QueuedTransferStruct");
    out.element("CommandKey", key);
    out.element("State", state);
    out.close("QueuedTransferStruct");
  }
  out.close("TransferList");
}

void Wire<GetAllQueuedTransfersResponse>::read(MessageReader& in, GetAllQueuedTransfersResponse& out) {
  in.structs("TransferList", [&](MessageReader& item) {
    out.transfers.push_back({item.text("CommandKey"), static_cast<int>(item.unsigned_int("State")),
                             item.boolean("IsDownload"), item.token("FileType"), item.unsigned_int("FileSize"),
                             item.text("TargetFileName")});
  });
}

void Wire<GetAllQueuedTransfersResponse>::write(XmlWriter& out, const GetAllQueuedTransfersResponse& in) {
  out.open_array("TransferList", "cwmp:AllQueuedTransferStruct", in.transfers.size());
  for (const auto& transfer : in.transfers) {
    out.open("AllQueuedTransferStruct");
    out.element("CommandKey", transfer.command_key);
    out.element("State", transfer.state);
    out.element("IsDownload", transfer.is_download);
    out.element("FileType", transfer.file_type);
    out.element("FileSize", transfer.file_size);
    out.element("TargetFileName", transfer.target_file_name);
    out.close("AllQueuedTransferStruct");
  }
  out.close("TransferList");
}

void Wire<TransferComplete>::read(MessageReader& in, TransferComplete& out) {
  out.command_key = in.text("CommandKey");
  read_result(in, out);
}

void Wire<TransferComplete>::write(XmlWriter& out, const TransferComplete& in) {
  out.element("CommandKey", in.command_key);
  write_result(out, in);
}

void Wire<AutonomousTransferComplete>::read(MessageReader& in, AutonomousTransferComplete& out) {
  out.announce_url = in.text("AnnounceURL");
  out.transfer_url = in.text("TransferURL");
  out.is_download = in.boolean("IsDownload");
  out.file_type = in.token("FileType");
  out.file_size = in.unsigned_int("FileSize");
  out.target_file_name = in.text("TargetFileName");
  read_result(in, out);
}

void Wire<AutonomousTransferComplete>::write(XmlWriter& out, const AutonomousTransferComplete& in) {
  out.element("AnnounceURL", in.announce_url);
  out.element("TransferURL", in.transfer_url);
  out.element("IsDownload", in.is_download);
  out.element("FileType", in.file_type);
  out.element("FileSize", in.file_size);
  out.element("TargetFileName", in.target_file_name);
  write_result(out, in);
}

void Wire<RequestDownload>::read(MessageReader& in, RequestDownload& out) {
  out.file_type = in.token("FileType");
  in.structs("FileTypeArg",
             [&](MessageReader& item) { out.arguments.emplace_back(item.text("Name"), item.text("Value")); });
}

void Wire<RequestDownload>::write(XmlWriter& out, const RequestDownload& in) {
  out.element("FileType", in.file_type);
  out.open_array("FileTypeArg", "cwmp:ArgStruct", in.arguments.size());
  for (const auto& [name, value] : in.arguments) {
    out.open("ArgStruct");
    out.element("Name", name);
    out.element("Value", value);
    out.close("ArgStruct");
  }
  out.close("FileTypeArg");
}

}  // namespace hnbemu::cwmp
