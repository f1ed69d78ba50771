#include "cwmp/message_codec.h"

#include <fmt/format.h>

namespace hnbemu::cwmp {

namespace {

void read_values(MessageReader& in, std::vector<ParameterValueStruct>& out) {
  in.structs("ParameterList", [&](MessageReader& item) {
    out.push_back({item.token("Name"), item.text("Value"), item.xsi_type("Value")});
  });
}

void write_values(XmlWriter& out, const std::vector<ParameterValueStruct>& values) {
  out.open_array("ParameterList", "cwmp:ParameterValueStruct", values.size());
  std::string attribute;
  for (const auto& [name, value, type] : values) {
    attribute.assign(" xsi:type=\"").append(type.empty() ? "xsd:string" : type).append("\"");
    out.open("ParameterValueStruct");
    out.element("Name", name);
    out.element("Value", value, attribute);
    out.close("ParameterValueStruct");
  }
  out.close("ParameterList");
}

void write_strings(XmlWriter& out, std::string_view name, const std::vector<std::string>& strings) {
  out.open_array(name, "xsd:string", strings.size());
  for (const auto& text : strings) out.element("string", text);
  out.close(name);
}

}  // namespace

void Wire<Inform>::read(MessageReader& in, Inform& out) {
  auto id = in.structure("DeviceId");
  out.device_id = {id.token("Manufacturer"), id.token("OUI"), id.token("ProductClass"), id.token("SerialNumber")};
  in.structs("Event", [&](MessageReader& event) {
    out.events.push_back({event.token("EventCode"), event.text("CommandKey")});
  });
  out.max_envelopes = in.unsigned_int("MaxEnvelopes");
  out.current_time = in.token("CurrentTime");
  out.retry_count = in.unsigned_int("RetryCount");
  read_values(in, out.parameters);
}

void Wire<Inform>::write(XmlWriter& out, const Inform& in) {
  out.open("DeviceId");
  out.element("Manufacturer", in.device_id.manufacturer);
  out.element("OUI", in.device_id.oui);
  out.element("ProductClass", in.device_id.product_class);
  out.element("SerialNumber", in.device_id.serial_number);
  out.close("DeviceId");
  out.open_array("Event", "cwmp:EventStruct", in.events.size());
  for (const auto& event : in.events) {
    out.open("EventStruct");
    out.element("EventCode", event.event_code);
    out.element("CommandKey", event.command_key);
    out.close("EventStruct");
  }
  out.close("Event");
  out.element("MaxEnvelopes", in.max_envelopes);
  out.element("CurrentTime", in.current_time);
  out.element("RetryCount", in.retry_count);
  write_values(out, in.parameters);
}

// TR-069 3.4.1: a CPE ignores the value.
void Wire<InformResponse>::read(MessageReader& in, InformResponse& out) {
  if (in.has("MaxEnvelopes")) out.max_envelopes = in.unsigned_int("MaxEnvelopes");
}

void Wire<InformResponse>::write(XmlWriter& out, const InformResponse& in) {
  out.element("MaxEnvelopes", in.max_envelopes);
}

void Wire<GetRpcMethodsResponse>::read(MessageReader& in, GetRpcMethodsResponse& out) {
  out.methods = in.strings("MethodList");
}

void Wire<GetRpcMethodsResponse>::write(XmlWriter& out, const GetRpcMethodsResponse& in) {
  write_strings(out, "MethodList", in.methods);
}

void Wire<SetParameterValues>::read(MessageReader& in, SetParameterValues& out) {
  read_values(in, out.parameters);
  out.parameter_key = in.text("ParameterKey");
}

void Wire<SetParameterValues>::write(XmlWriter& out, const SetParameterValues& in) {
  write_values(out, in.parameters);
  out.element("ParameterKey", in.parameter_key);
}

void Wire<SetParameterValuesResponse>::read(MessageReader& in, SetParameterValuesResponse& out) {
  out.status = static_cast<int>(in.unsigned_int("Status"));
}

void Wire<SetParameterValuesResponse>::write(XmlWriter& out, const SetParameterValuesResponse& in) {
  out.element("Status", in.status);
}

void Wire<GetParameterValues>::read(MessageReader& in, GetParameterValues& out) {
  out.names = in.strings("ParameterNames");
}

void Wire<GetParameterValues>::write(XmlWriter& out, const GetParameterValues& in) {
  write_strings(out, "ParameterNames", in.names);
}

void Wire<GetParameterValuesResponse>::read(MessageReader& in, GetParameterValuesResponse& out) {
  read_values(in, out.parameters);
}

void Wire<GetParameterValuesResponse>::write(XmlWriter& out, const GetParameterValuesResponse& in) {
  write_values(out, in.parameters);
}

void Wire<GetParameterNames>::read(MessageReader& in, GetParameterNames& out) {
  out.path = in.token("ParameterPath");
  out.next_level = in.boolean("NextLevel");
}

void Wire<GetParameterNames>::write(XmlWriter& out, const GetParameterNames& in) {
  out.element("ParameterPath", in.path);
  out.element("NextLevel", in.next_level);
}

void Wire<GetParameterNamesResponse>::read(MessageReader& in, GetParameterNamesResponse& out) {
  in.structs("ParameterList", [&](MessageReader& item) {
    out.parameters.push_back({item.token("Name"), item.boolean("Writable")});
  });
}

void Wire<GetParameterNamesResponse>::write(XmlWriter& out, const GetParameterNamesResponse& in) {
  out.open_array("ParameterList", "cwmp:ParameterInfoStruct", in.parameters.size());
  for (const auto& [name, writable] : in.parameters) {
    out.open("ParameterInfoStruct");
    out.element("Name", name);
    out.element("Writable", writable);
    out.close("ParameterInfoStruct");
  }
  out.close("ParameterList");
}

void Wire<SetParameterAttributes>::read(MessageReader& in, SetParameterAttributes& out) {
  in.structs("ParameterList", [&](MessageReader& item) {
    out.parameters.push_back({item.token("Name"), item.boolean("NotificationChange"), item.unsigned_int("Notification"),
                              item.boolean("AccessListChange"), item.strings("AccessList")});
  });
}

void Wire<SetParameterAttributes>::write(XmlWriter& out, const SetParameterAttributes& in) {
  out.open_array("ParameterList", "cwmp:SetParameterAttributesStruct", in.parameters.size());
  for (const auto& parameter : in.parameters) {
    out.open("SetParameterAttributesStruct");
    out.element("Name", parameter.name);
    out.element("NotificationChange", parameter.notification_change);
    out.element("Notification", parameter.notification);
    out.element("AccessListChange", parameter.access_list_change);
    write_strings(out, "AccessList", parameter.access_list);
    out.close("SetParameterAttributesStruct");
  }
  out.close("ParameterList");
}

void Wire<GetParameterAttributes>::read(MessageReader& in, GetParameterAttributes& out) {
  out.names = in.strings("ParameterNames");
}

void Wire<GetParameterAttributes>::write(XmlWriter& out, const GetParameterAttributes& in) {
  write_strings(out, "ParameterNames", in.names);
}

void Wire<GetParameterAttributesResponse>::read(MessageReader& in, GetParameterAttributesResponse& out) {
  in.structs("ParameterList", [&](MessageReader& item) {
    out.parameters.push_back({item.token("Name"), item.unsigned_int("Notification"), item.strings("AccessList")});
  });
}

void Wire<GetParameterAttributesResponse>::write(XmlWriter& out, const GetParameterAttributesResponse& in) {
  out.open_array("ParameterList", "cwmp:ParameterAttributeStruct", in.parameters.size());
  for (const auto& parameter : in.parameters) {
    out.open("ParameterAttributeStruct");
    out.element("Name", parameter.name);
    out.element("Notification", parameter.notification);
    write_strings(out, "AccessList", parameter.access_list);
    out.close("ParameterAttributeStruct");
  }
  out.close("ParameterList");
}

}  // namespace hnbemu::cwmp
