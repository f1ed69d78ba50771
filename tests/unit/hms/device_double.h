#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cwmp/codec.h"
#include "hms/hms.h"

// A device that says what a test tells it to, straight into an Hms: no sockets.
namespace hnbemu::hms {

inline constexpr std::string_view kHenb = "00C0FF-henb-1001";

inline cwmp::Inform henb_inform() {
  cwmp::Inform inform;
  inform.device_id = {"Example", "00C0FF", "henb", "1001"};
  inform.events = {{"0 BOOTSTRAP", ""}, {"1 BOOT", ""}};
  inform.current_time = "2026-01-02T03:04:05Z";
  const std::string fap = "Device.Services.FAPService.1.FAPControl.LTE.";
  inform.parameters = {
      {"Device.RootDataModelVersion", "2.12", "xsd:string"},
      {"Device.DeviceInfo.HardwareVersion", "H1", "xsd:string"},
      {"Device.DeviceInfo.SoftwareVersion", "1.0", "xsd:string"},
      {"Device.DeviceInfo.ProvisioningCode", "", "xsd:string"},
      {"Device.ManagementServer.ParameterKey", "", "xsd:string"},
      {"Device.ManagementServer.ConnectionRequestURL", "http://10.0.0.2:7547/x", "xsd:string"},
      {fap + "OpState", "false", "xsd:boolean"},
      {fap + "RFTxStatus", "0", "xsd:boolean"},
      {"Device.FAP.GPS.LockedLatitude", "51500000", "xsd:int"},
      {"Device.FAP.GPS.LockedLongitude", "6500000", "xsd:int"},
  };
  return inform;
}

inline cwmp::Inform hnb_inform() {
  cwmp::Inform inform = henb_inform();
  inform.device_id = {"Example", "00C0FF", "hnb", "2001"};
  const std::string root = "InternetGatewayDevice.";
  const std::string fap = root + "Services.FAPService.1.";
  inform.parameters = {
      {root + "DeviceSummary", "InternetGatewayDevice:1.0[](Baseline:1, FAPService:1.0[1](Baseline:1))", "xsd:string"},
      {root + "DeviceInfo.SpecVersion", "1.0", "xsd:string"},
      {root + "DeviceInfo.HardwareVersion", "H1", "xsd:string"},
      {root + "DeviceInfo.SoftwareVersion", "1.0", "xsd:string"},
      {root + "DeviceInfo.ProvisioningCode", "", "xsd:string"},
      {root + "ManagementServer.ParameterKey", "", "xsd:string"},
      {root + "ManagementServer.ConnectionRequestURL", "http://10.0.0.2:7547/x", "xsd:string"},
      {root + "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.ExternalIPAddress", "100.64.0.1", "xsd:string"},
      {fap + "FAPControl.OpState", "false", "xsd:boolean"},
      {fap + "FAPControl.RFTxStatus", "false", "xsd:boolean"},
  };
  return inform;
}

class DeviceDouble {
 public:
  explicit DeviceDouble(Hms& hms, std::uint64_t connection = 1) : hms_(hms), connection_(connection) {}

  HttpRequest request_of(std::string body) const {
    HttpRequest request;
    request.method = "POST";
    request.target = "/";
    request.connection = connection_;
    request.peer = "10.0.0.2";
    if (!body.empty()) request.headers = {{"SOAPAction", ""}, {"Content-Type", "text/xml; charset=utf-8"}};
    if (!cookie.empty()) request.headers.emplace_back("Cookie", cookie);
    request.body = std::move(body);
    return request;
  }

  HttpReply post(const HttpRequest& request) {
    HttpReply reply = hms_.handle(request);
    if (const auto set = find_header(reply.headers, "Set-Cookie")) cookie = std::string(set->substr(0, set->find(';')));
    last.reset();
    if (!reply.body.empty()) {
      if (auto envelope = cwmp::decode(reply.body)) last = *envelope;
    }
    return reply;
  }
  HttpReply post(std::string body) { return post(request_of(std::move(body))); }
  HttpReply send(cwmp::Body body, std::optional<std::string> id = "1") {
    cwmp::Envelope envelope;
    envelope.version = version;
    envelope.id = std::move(id);
    envelope.body = std::move(body);
    return post(cwmp::encode(envelope));
  }
  HttpReply answer(cwmp::Body body) { return send(std::move(body), last->id); }
  HttpReply empty() { return post(std::string{}); }

  // Begins a session anew: no cookie, as after the end of the one before.
  HttpReply inform(cwmp::Inform message) {
    cookie.clear();
    return send(std::move(message));
  }
  // Plays a whole session as a good device: every read gives "1", every write succeeds.
  int play(cwmp::Inform message) {
    HttpReply reply = inform(std::move(message));
    if (reply.status != 200 || !last || !std::holds_alternative<cwmp::InformResponse>(last->body)) return reply.status;
    reply = empty();
    for (int i = 0; i < 100 && reply.status == 200; ++i) reply = answer(good_answer(last->body));
    return reply.status;
  }
  static cwmp::Body good_answer(const cwmp::Body& request) {
    if (const auto* get = std::get_if<cwmp::GetParameterValues>(&request)) {
      cwmp::GetParameterValuesResponse response;
      for (const auto& name : get->names) response.parameters.push_back({name, "1", "xsd:string"});
      return response;
    }
    if (std::holds_alternative<cwmp::GetRpcMethods>(request)) return cwmp::GetRpcMethodsResponse{{"GetRPCMethods"}};
    if (std::holds_alternative<cwmp::Reboot>(request)) return cwmp::RebootResponse{};
    if (std::holds_alternative<cwmp::SetParameterAttributes>(request)) return cwmp::SetParameterAttributesResponse{};
    return cwmp::SetParameterValuesResponse{};
  }

  template <class Message>
  const Message& got() const {
    return std::get<Message>(last->body);
  }

  cwmp::Version version = cwmp::Version::v1_0;
  std::string cookie;
  std::optional<cwmp::Envelope> last;

 private:
  Hms& hms_;
  std::uint64_t connection_;
};

inline bool broke(const Hms& hms, Rule rule) {
  for (const Violation& violation : hms.journal().violations()) {
    if (violation.rule == rule) return true;
  }
  return false;
}

// For messages of failed tests.
inline std::string violations_of(const Hms& hms) {
  std::string text;
  for (const Violation& violation : hms.journal().violations()) text += violation.to_string() + "\n";
  return text;
}

inline Config config_of(Role role) {
  Config config;
  config.role = role;
  config.rules = {default_rule(role)};
  return config;
}

}  // namespace hnbemu::hms
