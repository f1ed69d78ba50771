#include "cwmp/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/number.h"
#include "cwmp/aliases.h"
#include "cwmp/codec.h"
#include "cwmp/session_words.h"

namespace hnbemu::cwmp {
namespace {

constexpr Seconds kMaxRetryAfter{86'400};
constexpr std::array kVersions{"1.0", "1.1", "1.2", "1.3", "1.4"};  // by Version

// RFC 9110 10.2.3, the form with seconds; a date is not worth its clock.
Seconds seconds_in(std::string_view retry_after) {
  return std::min(Seconds{parse_number<std::uint32_t>(retry_after).value_or(0)}, kMaxRetryAfter);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 307;
}

}  // namespace

Session::Session(SessionConfig config, datamodel::DataModel& model, EventQueue& events, Transfers& transfers)
    : config_(std::move(config)), model_(model), events_(events), transfers_(transfers), version_(config_.version) {}

Action Session::start() {
  delivering_ = events_.begin_delivery();
  telling_ = transfers_.untold();
  if (config_.optional.deployment_units != nullptr) units_ = config_.optional.deployment_units->untold().size();
  return post_inform();
}

Action Session::post_inform() {
  Inform inform;
  inform.device_id = config_.device_id;
  inform.events = delivering_;
  inform.current_time = config_.current_time;
  inform.retry_count = config_.retry_count;
  std::unordered_set<std::string_view> named;
  PathNames names(model_, object_of(config_.parameter_key_path));
  for (const auto& name : config_.inform_parameters) {
    if (!named.insert(name).second) continue;
    const auto values = model_.values(name);
    if (!values) continue;
    for (const auto& value : *values) {
      inform.parameters.push_back({names.shown(value.path), value.value, std::string(datamodel::xsd_name(value.type))});
    }
  }
  return envelope(config_.version, config_.inform_id, std::move(inform));
}

Action Session::next(const HttpReply& reply) {
  request_.clear();
  answered_.reset();
  received_ = reply.received;
  if (is_redirect(reply.status)) return on_redirect(reply.location);
  redirects_ = 0;
  if (reply.status == 403 && !accepted_) {
    return finish(hnbemu::fail(Cause::refused_by_hms, "the HMS answered the Inform with HTTP 403", 403));
  }
  if (reply.status == 401) {
    return finish(
        hnbemu::fail(Cause::http_status, "the ACS did not accept the device's username and password (HTTP 401)", 401));
  }
  if (reply.status != 200 && reply.status != 204) {
    if (reply.status == 503) retry_after_ = seconds_in(reply.retry_after);
    auto text = fmt::format("the ACS answered HTTP {}", reply.status);
    if (!reply.retry_after.empty()) text += fmt::format(", Retry-After: {}", quoted(reply.retry_after));
    return finish(hnbemu::fail(Cause::http_status, std::move(text), reply.status));
  }
  switch (turn_) {
    case Turn::inform:
      return on_inform_reply(reply);
    case Turn::device:
      return on_answer(reply);
    case Turn::acs:
      break;
  }
  return on_turn(reply);
}

// 3.4.1: for this session only; the ACS URL stays what it was.
Action Session::on_redirect(std::string_view location) {
  if (location.empty()) return finish(hnbemu::fail(Cause::protocol, "the ACS redirects without a Location"));
  if (++redirects_ > kMaxRedirects) {
    return finish(
        hnbemu::fail(Cause::protocol, fmt::format("the ACS redirects more than {} times in a row", kMaxRedirects)));
  }
  return Redirect{std::string(location)};
}

Action Session::on_inform_reply(const HttpReply& reply) {
  if (is_empty(reply)) return finish(hnbemu::fail(Cause::protocol, "the ACS answered the Inform with an empty body"));
  auto envelope = decode(reply.body);
  if (!envelope) return finish(tl::unexpected(envelope.error()));
  if (const auto* fault = std::get_if<Fault>(&envelope->body)) return on_inform_fault(*fault);
  if (!std::holds_alternative<InformResponse>(envelope->body)) {
    return finish(
        hnbemu::fail(Cause::protocol, fmt::format("the ACS answered the Inform with: {}", describe(envelope->body))));
  }
  if (const auto problem = unfit(*envelope, config_.inform_id); !problem.empty()) {
    return finish(hnbemu::fail(Cause::protocol, "the ACS answered the Inform with " + problem));
  }
  if (!agree_on_version(*envelope)) {
    return finish(hnbemu::fail(Cause::protocol, fmt::format("the ACS wants CWMP {}, which the device does not speak",
                                                            quoted(envelope->use_version))));
  }
  accepted_ = true;
  held_ = envelope->hold_requests.value_or(false);
  retries_ = 0;
  return ask();
}

// A.6 (1.4): the ACS chooses by UseCWMPVersion; an older one shows by its namespace what it speaks.
bool Session::agree_on_version(const Envelope& response) {
  if (config_.version == Version::v1_4 && !response.use_version.empty()) {
    const auto* const chosen = std::ranges::find(kVersions, response.use_version);
    if (chosen == kVersions.end()) return false;
    version_ = static_cast<Version>(chosen - kVersions.begin());
    return version_ <= config_.version;
  }
  version_ = std::min(version_, response.version == Version::v1_2 ? Version::v1_4 : response.version);
  return true;
}

std::optional<Answered> Session::take_answered() {
  return std::exchange(answered_, std::nullopt);
}

std::optional<ScheduleInform> Session::take_schedule_inform() {
  if (effects_.schedule_inform) ++config_.scheduled_informs;
  return std::exchange(effects_.schedule_inform, std::nullopt);
}

Action Session::on_inform_fault(const Fault& fault) {
  if (fault.code == kRetryRequest && ++retries_ <= kMaxRetries) return post_inform();
  const auto cause = fault.code == kRequestDenied ? Cause::refused_by_hms : Cause::cwmp_fault;
  return finish(hnbemu::fail(
      cause, fmt::format("the HMS answered the Inform with fault {}: {}", fault.code, quoted(fault.text)), fault.code));
}

Action Session::fail(Error error) {
  return finish(tl::unexpected(std::move(error)));
}

Action Session::finish(Result<Effects> outcome) {
  if (performing_) transfers_.take(performing_->transfer);  // its request has no answer
  // 3.2.1.1: a failed session, however far it came, delivers the events of its Inform again.
  if (outcome) {
    events_.delivered("Inform");
    // An event whose own method the device had nothing to call for: nobody will answer that.
    for (const auto& event : delivering_) {
      if (const auto rpc = event_rule(event.event_code).delivered_by; rpc != "Inform") events_.delivered(rpc, untold());
    }
  }
  events_.end_delivery();
  return Finished{std::move(outcome)};
}

Post Session::envelope(Version version, std::string id, Body body) {
  Post post;
  post.message = message_name(body);
  Envelope out;
  out.version = version;
  if (!id.empty()) out.id = std::move(id);
  if (std::holds_alternative<Inform>(body)) {
    if (config_.timeout_s > 0 && config_.version >= Version::v1_3) out.session_timeout = config_.timeout_s;
    if (config_.version == Version::v1_4) out.supported_versions = fmt::format("{}", fmt::join(kVersions, ","));
  }
  out.body = std::move(body);
  post.body = encode(out);
  return post;
}

}  // namespace hnbemu::cwmp
