#pragma once

#include "cwmp/fields.h"
#include "cwmp/messages.h"

// Of Inform and of the methods about parameters and objects (TR-069 A.3.2.1 to A.3.2.7, A.3.3.1).
namespace hnbemu::cwmp {

void fields(auto& io, Like<EventStruct> auto& event) {
  io.token("EventCode", event.event_code);
  io.text("CommandKey", event.command_key);
}

void fields(auto& io, Like<ParameterValueStruct> auto& parameter) {
  io.token("Name", parameter.name);
  io.value("Value", parameter.value, parameter.type);
}

void fields(auto& io, Like<ParameterInfoStruct> auto& parameter) {
  io.token("Name", parameter.name);
  io.boolean("Writable", parameter.writable);
}

void fields(auto& io, Like<SetParameterAttributesStruct> auto& parameter) {
  io.token("Name", parameter.name);
  io.boolean("NotificationChange", parameter.notification_change);
  io.unsigned_int("Notification", parameter.notification);
  io.boolean("AccessListChange", parameter.access_list_change);
  io.strings("AccessList", parameter.access_list);
}

void fields(auto& io, Like<ParameterAttributeStruct> auto& parameter) {
  io.token("Name", parameter.name);
  io.unsigned_int("Notification", parameter.notification);
  io.strings("AccessList", parameter.access_list);
}

void fields(auto& io, Like<Inform> auto& inform) {
  io.structure("DeviceId", [&id = inform.device_id](auto& in) {
    in.token("Manufacturer", id.manufacturer);
    in.token("OUI", id.oui);
    in.token("ProductClass", id.product_class);
    in.token("SerialNumber", id.serial_number);
  });
  io.array("Event", "cwmp:EventStruct", inform.events);
  io.unsigned_int("MaxEnvelopes", inform.max_envelopes);
  io.token("CurrentTime", inform.current_time);
  io.unsigned_int("RetryCount", inform.retry_count);
  io.array("ParameterList", "cwmp:ParameterValueStruct", inform.parameters);
}

// TR-069 3.4.1: a CPE ignores the value.
void fields(auto& io, Like<InformResponse> auto& response) {
  io.unsigned_int_if_told("MaxEnvelopes", response.max_envelopes);
}

void fields(auto& io, Like<SetParameterValues> auto& request) {
  io.array("ParameterList", "cwmp:ParameterValueStruct", request.parameters);
  io.text("ParameterKey", request.parameter_key);
}

void fields(auto& io, Like<SetParameterValuesResponse, DeleteObjectResponse> auto& response) {
  io.unsigned_int("Status", response.status);
}

void fields(auto& io, Like<GetParameterValues, GetParameterAttributes> auto& request) {
  io.strings("ParameterNames", request.names);
}

void fields(auto& io, Like<GetParameterValuesResponse> auto& response) {
  io.array("ParameterList", "cwmp:ParameterValueStruct", response.parameters);
}

void fields(auto& io, Like<GetParameterNames> auto& request) {
  io.token("ParameterPath", request.path);
  io.boolean("NextLevel", request.next_level);
}

void fields(auto& io, Like<GetParameterNamesResponse> auto& response) {
  io.array("ParameterList", "cwmp:ParameterInfoStruct", response.parameters);
}

void fields(auto& io, Like<SetParameterAttributes> auto& request) {
  io.array("ParameterList", "cwmp:SetParameterAttributesStruct", request.parameters);
}

void fields(auto& io, Like<GetParameterAttributesResponse> auto& response) {
  io.array("ParameterList", "cwmp:ParameterAttributeStruct", response.parameters);
}

void fields(auto& io, Like<AddObject, DeleteObject> auto& request) {
  io.token("ObjectName", request.object_name);
  io.text("ParameterKey", request.parameter_key);
}

void fields(auto& io, Like<AddObjectResponse> auto& response) {
  io.unsigned_int("InstanceNumber", response.instance_number);
  io.unsigned_int("Status", response.status);
}

}  // namespace hnbemu::cwmp
