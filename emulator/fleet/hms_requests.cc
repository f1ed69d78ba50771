#include "fleet/hms_requests.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/url.h"
#include "fleet/device_api.h"
#include "fleet/factory_model.h"

namespace hnbemu::fleet {
namespace {

using boost::json::object;

constexpr const char* kCommandKey = "hms";

// What is read of the device, on its thread.
struct Device {
  object request;   // how a session is asked for, and in which network
  std::string hms;  // that serves it
  std::vector<std::string> types;
};

std::string text_at(const object& body, std::string_view key) {
  const auto* const value = body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::vector<cwmp::ParameterValueStruct> parameters_of(const object& body) {
  std::vector<cwmp::ParameterValueStruct> parameters;
  const auto* const wanted = body.if_contains("parameters");
  if (wanted == nullptr || !wanted->is_object()) return parameters;
  for (const auto& [path, value] : wanted->as_object())
    if (value.is_string()) parameters.push_back({std::string(path), std::string(value.as_string()), {}});
  return parameters;
}

// A body without a request: nothing that the HMS could say.
cwmp::Body request_of(const object& body, std::vector<cwmp::ParameterValueStruct> parameters) {
  const auto method = text_at(body, "method");
  const auto type = text_at(body, "type");
  const auto url = text_at(body, "url");
  const auto username = text_at(body, "username");
  const auto password = text_at(body, "password");
  if (method == "Reboot") return cwmp::Reboot{kCommandKey};
  if (method == "FactoryReset") return cwmp::FactoryReset{};
  if (method == "SetParameterValues" && !parameters.empty())
    return cwmp::SetParameterValues{std::move(parameters), kCommandKey};
  if (method == "Download" && !url.empty()) {
    cwmp::Download download;
    download.command_key = kCommandKey;
    download.file_type = type;
    download.url = url;
    download.username = username;
    download.password = password;
    return download;
  }
  if (method == "Upload" && !url.empty()) return cwmp::Upload{kCommandKey, type, url, username, password, 0};
  return {};
}

Device look(Unit& unit, const config::Profile& profile, const std::vector<cwmp::ParameterValueStruct>& parameters) {
  auto& model = unit.device().model();
  const auto value = [&](std::string_view role) { return model.value(profile.path(role)).value_or(""); };
  Device device;
  device.hms = unit.device().status().serving_hms;
  const auto url = Url::parse(value("connection_request_url"));
  const bool outside = url && url->host == unit.device().status().outer_address.to_string();
  device.request = {{"network", outside ? "wan" : "core"},
                    {"url", value("connection_request_url")},
                    {"username", value("connection_request_username")},
                    {"password", value("connection_request_password")}};
  for (const auto& parameter : parameters) {
    const auto known = model.values(parameter.name);
    device.types.emplace_back(known && known->size() == 1 ? xsd_name(known->front().type) : "xsd:string");
  }
  return device;
}

// As the HMS knows it.
std::string identity_of(const Fleet& fleet, const std::string& id) {
  const auto& devices = fleet.config().devices;
  const auto device = std::ranges::find(devices, id, &config::DeviceConfig::id);
  const auto profile = profile_of(*device, fleet.profile(id));
  return hms::identity_of({profile.manufacturer, profile.oui, profile.product_class, device->serial});
}

}  // namespace

control::Reply hms_reply(Fleet& fleet, const std::string& id, const object& body) {
  auto parameters = parameters_of(body);
  const auto device = fleet.on_device(
      id, [&profile = fleet.profile(id), parameters](Unit& unit) { return look(unit, profile, parameters); });
  if (!device) return refusal_of(device.error());
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].type = device->types[i];
  auto request = request_of(body, std::move(parameters));
  if (std::holds_alternative<std::monostate>(request))
    return control::refuse(400,
                           "Download or Upload with a url, SetParameterValues with parameters, Reboot, FactoryReset");
  if (const auto queued = fleet.network().ask(device->hms, identity_of(fleet, id), std::move(request)); !queued)
    return control::refuse(409, queued.error().detail);
  return {200, boost::json::serialize(device->request)};
}

}  // namespace hnbemu::fleet
