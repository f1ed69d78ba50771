#include "cwmp/message_codec.h"

namespace hnbemu::cwmp {

void Wire<AddObject>::read(MessageReader& in, AddObject& out) {
  out.object_name = in.token("ObjectName");
  out.parameter_key = in.text("ParameterKey");
}

void Wire<AddObject>::write(XmlWriter& out, const AddObject& in) {
  out.element("ObjectName", in.object_name);
  out.element("ParameterKey", in.parameter_key);
}

void Wire<AddObjectResponse>::read(MessageReader& in, AddObjectResponse& out) {
  out.instance_number = in.unsigned_int("InstanceNumber");
  out.status = static_cast<int>(in.unsigned_int("Status"));
}

void Wire<AddObjectResponse>::write(XmlWriter& out, const AddObjectResponse& in) {
  out.element("InstanceNumber", in.instance_number);
  out.element("Status", in.status);
}

void Wire<DeleteObject>::read(MessageReader& in, DeleteObject& out) {
  out.object_name = in.token("ObjectName");
  out.parameter_key = in.text("ParameterKey");
}

void Wire<DeleteObject>::write(XmlWriter& out, const DeleteObject& in) {
  out.element("ObjectName", in.object_name);
  out.element("ParameterKey", in.parameter_key);
}

void Wire<DeleteObjectResponse>::read(MessageReader& in, DeleteObjectResponse& out) {
  out.status = static_cast<int>(in.unsigned_int("Status"));
}

void Wire<DeleteObjectResponse>::write(XmlWriter& out, const DeleteObjectResponse& in) {
  out.element("Status", in.status);
}

void Wire<Reboot>::read(MessageReader& in, Reboot& out) {
  out.command_key = in.text("CommandKey");
}

void Wire<Reboot>::write(XmlWriter& out, const Reboot& in) {
  out.element("CommandKey", in.command_key);
}

void Wire<ScheduleInform>::read(MessageReader& in, ScheduleInform& out) {
  out.delay_seconds = in.unsigned_int("DelaySeconds");
  out.command_key = in.text("CommandKey");
}

void Wire<ScheduleInform>::write(XmlWriter& out, const ScheduleInform& in) {
  out.element("DelaySeconds", in.delay_seconds);
  out.element("CommandKey", in.command_key);
}

void Wire<Kicked>::read(MessageReader& in, Kicked& out) {
  out = {in.text("Command"), in.text("Referer"), in.text("Arg"), in.text("Next")};
}

void Wire<Kicked>::write(XmlWriter& out, const Kicked& in) {
  out.element("Command", in.command);
  out.element("Referer", in.referer);
  out.element("Arg", in.arg);
  out.element("Next", in.next);
}

void Wire<KickedResponse>::read(MessageReader& in, KickedResponse& out) {
  out.next_url = in.text("NextURL");
}

void Wire<KickedResponse>::write(XmlWriter& out, const KickedResponse& in) {
  out.element("NextURL", in.next_url);
}

}  // namespace hnbemu::cwmp
