#pragma once

#include "cwmp/fields.h"
#include "cwmp/messages.h"

// Of the methods that make a device do something, but for transfers (TR-069 A.3.1.1, A.3.2.9, A.4.1.1, A.4.1.2,
// A.4.2.1).
namespace hnbemu::cwmp {

void fields(auto& io, Like<GetRpcMethodsResponse> auto& response) {
  io.strings("MethodList", response.methods);
}

void fields(auto& io, Like<Reboot> auto& request) {
  io.text("CommandKey", request.command_key);
}

void fields(auto& io, Like<ScheduleInform> auto& request) {
  io.unsigned_int("DelaySeconds", request.delay_seconds);
  io.text("CommandKey", request.command_key);
}

void fields(auto& io, Like<Kicked> auto& request) {
  io.text("Command", request.command);
  io.text("Referer", request.referer);
  io.text("Arg", request.arg);
  io.text("Next", request.next);
}

void fields(auto& io, Like<KickedResponse> auto& response) {
  io.text("NextURL", response.next_url);
}

}  // namespace hnbemu::cwmp
