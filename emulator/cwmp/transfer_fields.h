#pragma once

#include "cwmp/fields.h"
#include "cwmp/messages.h"

// Of the methods about file transfers (TR-069 A.3.2.8, A.3.3.2, A.4.1.5 to A.4.1.9, A.4.2.2, A.4.2.3).
namespace hnbemu::cwmp {

// What the requests for a transfer begin with.
void file_fields(auto& io, auto& request) {
  io.text("CommandKey", request.command_key);
  io.token("FileType", request.file_type);
  io.token("URL", request.url);
  io.text("Username", request.username);
  io.text("Password", request.password);
}

// What the reports of a transfer end with.
void result_fields(auto& io, auto& report) {
  io.structure("FaultStruct", [&](auto& fault) {
    fault.unsigned_int("FaultCode", report.fault_code);
    fault.text("FaultString", report.fault_string);
  });
  io.token("StartTime", report.start_time);
  io.token("CompleteTime", report.complete_time);
}

void fields(auto& io, Like<Download> auto& request) {
  file_fields(io, request);
  io.unsigned_int("FileSize", request.file_size);
  io.text("TargetFileName", request.target_file_name);
  io.unsigned_int("DelaySeconds", request.delay_seconds);
  io.token("SuccessURL", request.success_url);
  io.token("FailureURL", request.failure_url);
}

void fields(auto& io, Like<Upload> auto& request) {
  file_fields(io, request);
  io.unsigned_int("DelaySeconds", request.delay_seconds);
}

void fields(auto& io, Like<DownloadResponse, UploadResponse> auto& response) {
  io.unsigned_int("Status", response.status);
  io.token("StartTime", response.start_time);
  io.token("CompleteTime", response.complete_time);
}

void fields(auto& io, Like<TimeWindowStruct> auto& window) {
  io.unsigned_int("WindowStart", window.start);
  io.unsigned_int("WindowEnd", window.end);
  io.token("WindowMode", window.mode);
  io.text("UserMessage", window.user_message);
  io.integer("MaxRetries", window.max_retries);
}

void fields(auto& io, Like<ScheduleDownload> auto& request) {
  file_fields(io, request);
  io.unsigned_int("FileSize", request.file_size);
  io.text("TargetFileName", request.target_file_name);
  io.array("TimeWindowList", "cwmp:TimeWindowStruct", request.windows);
}

void fields(auto& io, Like<CancelTransfer> auto& request) {
  io.text("CommandKey", request.command_key);
}

void fields(auto& io, Like<QueuedTransferStruct> auto& transfer) {
  io.text("CommandKey", transfer.command_key);
  io.unsigned_int("State", transfer.state);
}

void fields(auto& io, Like<GetQueuedTransfersResponse> auto& response) {
  io.array("TransferList", "cwmp:QueuedTransferStruct", response.transfers);
}

void fields(auto& io, Like<AllQueuedTransferStruct> auto& transfer) {
  io.text("CommandKey", transfer.command_key);
  io.unsigned_int("State", transfer.state);
  io.boolean("IsDownload", transfer.is_download);
  io.token("FileType", transfer.file_type);
  io.unsigned_int("FileSize", transfer.file_size);
  io.text("TargetFileName", transfer.target_file_name);
}

void fields(auto& io, Like<GetAllQueuedTransfersResponse> auto& response) {
  io.array("TransferList", "cwmp:AllQueuedTransferStruct", response.transfers);
}

void fields(auto& io, Like<TransferComplete> auto& report) {
  io.text("CommandKey", report.command_key);
  result_fields(io, report);
}

void fields(auto& io, Like<AutonomousTransferComplete> auto& report) {
  io.text("AnnounceURL", report.announce_url);
  io.text("TransferURL", report.transfer_url);
  io.boolean("IsDownload", report.is_download);
  io.token("FileType", report.file_type);
  io.unsigned_int("FileSize", report.file_size);
  io.text("TargetFileName", report.target_file_name);
  result_fields(io, report);
}

void fields(auto& io, Like<ArgStruct> auto& argument) {
  io.text("Name", argument.name);
  io.text("Value", argument.value);
}

void fields(auto& io, Like<RequestDownload> auto& request) {
  io.token("FileType", request.file_type);
  io.array("FileTypeArg", "cwmp:ArgStruct", request.arguments);
}

}  // namespace hnbemu::cwmp
