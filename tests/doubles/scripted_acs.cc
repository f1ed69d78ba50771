#include "doubles/scripted_acs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "doubles/cwmp_schema.h"

namespace hnbemu::doubles {
namespace {

AcsResponse envelope(cwmp::Version version, std::string id, cwmp::Body body) {
  cwmp::Envelope out;
  out.version = version;
  out.id = std::move(id);
  out.body = std::move(body);
  AcsResponse response;
  response.status = 200;
  response.content_type = "text/xml; charset=utf-8";
  response.body = cwmp::encode(out);
  return response;
}

// Every message is held against the schema of its version, where the schemas are at hand. Versions 1.2 to 1.4 have one
// namespace: the headers tell them apart.
void expect_valid(const cwmp::Envelope& envelope, const std::string& xml) {
  if (!test::cwmp_schemas_missing().empty()) return;
  const auto version = !envelope.supported_versions.empty() ? cwmp::Version::v1_4
                       : envelope.session_timeout           ? cwmp::Version::v1_3
                                                            : envelope.version;
  EXPECT_EQ(test::cwmp_schema_errors(version, xml), "") << xml;
}

AcsResponse plain(int status) {
  AcsResponse response;
  response.status = status;
  return response;
}

}  // namespace

Task<Result<AcsResponse>> ScriptedAcs::post(AcsRequest request, Path path, Deadline) {
  const auto fault =
      calls_.next(fmt::format("post {} {}", request.url.host, request.body.empty() ? "empty" : "envelope"));
  const auto answered = co_await clock_.sleep_until(clock_.now() + Millis{10});
  if (!answered) co_return tl::unexpected(answered.error());
  if (fault) co_return tl::unexpected(*fault);
  auto& host = hosts_[request.url.host];
  if (host.silent) co_return fail(Cause::network, request.url.host + " is gone");
  co_return answer(host, request, path);
}

AcsResponse ScriptedAcs::answer(Host& host, const AcsRequest& request, const Path& path) {
  if (request.body.empty()) return next(host);
  const auto decoded = cwmp::decode(request.body);
  if (!decoded) return plain(400);
  expect_valid(*decoded, request.body);
  version_ = decoded->version;
  const auto* inform = std::get_if<cwmp::Inform>(&decoded->body);
  if (inform == nullptr) {
    host.answers.push_back(decoded->body);
    return next(host);
  }
  next_request_ = 0;
  host.informs.push_back(*inform);
  host.paths.push_back(path);
  host.inform_ids.push_back(decoded->id.value_or(""));
  if (host.inform_status != 200) return plain(host.inform_status);
  if (host.inform_fault) return envelope(version_, decoded->id.value_or(""), *host.inform_fault);
  return envelope(version_, decoded->id.value_or(""), cwmp::InformResponse{});
}

AcsResponse ScriptedAcs::next(Host& host) {
  if (next_request_ == host.requests.size()) {
    ++host.sessions_ended;
    return plain(204);
  }
  const auto& body = host.requests[next_request_++];
  return envelope(version_, fmt::format("acs-{}", next_request_), body);
}

}  // namespace hnbemu::doubles
