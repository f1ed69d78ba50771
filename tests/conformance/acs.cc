#include "conformance/acs.h"

#include <gtest/gtest.h>

#include "doubles/cwmp_schema.h"

namespace hnbemu::conformance {

AcsResponse http(int status, std::string body) {
  AcsResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

std::string soap(const std::string& body, const std::string& header) {
  return fmt::format(
      R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-0" )"
      R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">)"
      R"(<s:Header>{}</s:Header><s:Body>{}</s:Body></s:Envelope>)",
      header, body);
}

Task<Result<AcsResponse>> Acs::post(AcsRequest request, Path, Deadline) {
  Message message{std::move(request), {}, {}, clock_.now()};
  if (!message.request.body.empty()) {
    auto decoded = cwmp::decode(message.request.body);
    EXPECT_TRUE(decoded) << message.request.body;
    if (decoded) message.envelope = std::move(*decoded);
    message.name = cwmp::message_name(message.envelope.body);
    if (test::cwmp_schemas_missing().empty()) {
      const auto spoken = std::min(message.envelope.version, version_);
      const auto schema = spoken == cwmp::Version::v1_2 ? version_ : spoken;
      EXPECT_EQ(test::cwmp_schema_errors(schema, message.request.body), "") << message.request.body;
    }
  }
  messages.push_back(message);
  const auto waited = co_await clock_.sleep_until(clock_.now() + answer_time);
  if (!waited) co_return tl::unexpected(waited.error());
  if (script.empty()) co_return left_alone(message);
  const auto reply = std::move(script.front());
  script.pop_front();
  auto said = reply(message);
  if (said && said->status == 0) co_return left_alone(message);
  co_return said;
}

AcsResponse Acs::left_alone(const Message& message) {
  if (message.name == "Inform") return envelope(message, cwmp::InformResponse{});
  if (message.name == "GetRPCMethods") return envelope(message, cwmp::GetRpcMethodsResponse{{"Inform"}});
  if (message.name == "Kicked") return envelope(message, cwmp::KickedResponse{"http://next.example/"});
  if (message.name == "TransferComplete") return envelope(message, cwmp::TransferCompleteResponse{});
  if (message.name == "AutonomousTransferComplete") {
    return envelope(message, cwmp::AutonomousTransferCompleteResponse{});
  }
  if (message.name == "RequestDownload") return envelope(message, cwmp::RequestDownloadResponse{});
  if (message.name == "DUStateChangeComplete") return envelope(message, cwmp::DuStateChangeCompleteResponse{});
  if (requests.empty()) return http(204);
  auto body = std::move(requests.front());
  requests.pop_front();
  return envelope(message, std::move(body));
}

AcsResponse Acs::envelope(const Message& message, cwmp::Body body) const {
  cwmp::Envelope out;
  out.version = speaks;
  out.id = message.envelope.id.value_or("acs");
  if (hold) out.hold_requests = true;
  if (message.name == "Inform") out.use_version = use_version;
  out.body = std::move(body);
  auto response = http(200, cwmp::encode(out));
  response.content_type = "text/xml; charset=utf-8";
  return response;
}

Acs::Reply Acs::fail(Cause cause) {
  return [cause](const Message&) -> Result<AcsResponse> { return hnbemu::fail(cause, "scripted"); };
}
Acs::Reply Acs::answer(AcsResponse response) {
  return [response = std::move(response)](const Message&) -> Result<AcsResponse> { return response; };
}
Acs::Reply Acs::pass() {
  return [](const Message&) -> Result<AcsResponse> { return http(0); };
}
Acs::Reply Acs::say(cwmp::Body body) {
  return
      [this, body = std::move(body)](const Message& message) -> Result<AcsResponse> { return envelope(message, body); };
}

std::vector<cwmp::Inform> Acs::informs() const {
  std::vector<cwmp::Inform> all;
  for (const auto& message : messages) {
    if (const auto* inform = std::get_if<cwmp::Inform>(&message.envelope.body)) all.push_back(*inform);
  }
  return all;
}

std::vector<std::string> Acs::names() const {
  std::vector<std::string> all;
  for (const auto& message : messages) all.push_back(message.name);
  return all;
}

std::vector<cwmp::Body> Acs::answers() const {
  std::vector<cwmp::Body> all;
  for (const auto& message : messages) {
    if (!message.name.empty() && message.name != "Inform") all.push_back(message.envelope.body);
  }
  return all;
}

}  // namespace hnbemu::conformance
