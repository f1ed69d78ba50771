#include "cwmp/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/number.h"
#include "cwmp/aliases.h"
#include "cwmp/codec.h"

namespace hnbemu::cwmp {
namespace {

constexpr int kRetryRequest = 8005;
constexpr int kRequestDenied = 8001;
constexpr Seconds kMaxRetryAfter{86'400};
constexpr std::array kVersions{"1.0", "1.1", "1.2", "1.3", "1.4"};  // by Version

// A peer's words in an error: one line, not too long, cut between characters.
std::string quoted(std::string_view text) {
  constexpr std::size_t max_bytes = 200;
  auto size = std::min(text.size(), max_bytes);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  std::string line(text.substr(0, size));
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

// A body of white space is none.
bool is_empty(const HttpReply& reply) {
  return reply.status == 204 || trim(reply.body).empty();
}

std::string describe(const Body& body) {
  if (const auto* invalid = std::get_if<InvalidMessage>(&body)) return invalid->problem;
  const auto name = message_name(body);
  return name.empty() ? "an empty SOAP Body" : std::string(name);
}

// RFC 9110 10.2.3, the form with seconds; a date is not worth its clock.
Seconds seconds_in(std::string_view retry_after) {
  return std::min(Seconds{parse_number<std::uint32_t>(retry_after).value_or(0)}, kMaxRetryAfter);
}

// Why a response is none to the request of that ID (TR-069 3.5, SOAP 1.1 4.2.3); "" if it is one.
std::string unfit(const Envelope& response, std::string_view id) {
  if (response.id && *response.id != id) return fmt::format("ID '{}'", quoted(*response.id));
  if (response.not_understood.empty()) return {};
  return fmt::format("a header that the device must understand, and does not: {}", quoted(response.not_understood));
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

// 3.7.1.4: the device asks first; an empty POST says that it has nothing (more) to ask, or may not.
Action Session::ask() {
  if (held_ || all_asked()) {
    turn_ = Turn::acs;
    return Post{};
  }
  turn_ = Turn::device;
  auto request = own_request();
  if (!std::holds_alternative<std::monostate>(request)) return envelope(version_, own_id(), std::move(request));
  // The ACS's version of CWMP cannot hear of it.
  on_answered(asked_ < telling_.size() ? "AutonomousTransferComplete" : "DUStateChangeComplete");
  return ask();
}

Body Session::own_request() const {
  if (asked_ < telling_.size()) return transfers_.message(telling_[asked_], version_);
  if (asked_ >= told_first()) return config_.requests[asked_ - told_first()];
  return version_ < Version::v1_2 ? Body{} : Body{config_.optional.deployment_units->untold().front()};
}

// 3.7.1.5: what its own method tells is told with the response.
void Session::on_answered(std::string_view rpc) {
  auto* const units = config_.optional.deployment_units;
  if (asked_ < telling_.size()) {
    transfers_.take(telling_[asked_]);
  } else if (asked_ < told_first()) {
    units->told();
  }
  events_.delivered(rpc, untold());
  ++asked_;
}

std::vector<EventStruct> Session::untold() const {
  auto events = transfers_.events();
  const auto* const units = config_.optional.deployment_units;
  if (units != nullptr) std::ranges::move(units->events(), std::back_inserter(events));
  return events;
}

std::string Session::own_id() const {
  return fmt::format("{}", asked_ + 2);  // the Inform has the first
}

// What the ACS says to a request of the device.
Action Session::on_answer(const HttpReply& reply) {
  auto request = own_request();
  if (is_empty(reply)) {
    return finish(
        hnbemu::fail(Cause::protocol, fmt::format("the ACS answered {} with an empty body", message_name(request))));
  }
  auto message = decode(reply.body);
  if (!message) return finish(tl::unexpected(message.error()));
  held_ = message->hold_requests.value_or(false);
  const auto* const fault = std::get_if<Fault>(&message->body);
  if (fault != nullptr && fault->code == kRetryRequest && ++retries_ <= kMaxRetries) return ask();
  // ACSs in use answer with the response of another method: it is an answer all the same.
  if (fault == nullptr && !message_name(message->body).ends_with("Response")) {
    return finish(hnbemu::fail(
        Cause::protocol, fmt::format("the ACS answered {} with: {}", message_name(request), describe(message->body))));
  }
  if (const auto problem = unfit(*message, own_id()); fault == nullptr && !problem.empty()) {
    return finish(
        hnbemu::fail(Cause::protocol, fmt::format("the ACS answered {} with {}", message_name(request), problem)));
  }
  retries_ = 0;
  on_answered(message_name(request));
  answered_ = Answered{std::move(request), std::move(message->body)};
  return ask();
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

// 3.7.2.4: the ACS's requests, until it has none. What was held may be asked then: an empty response holds nothing.
Action Session::on_turn(const HttpReply& reply) {
  if (is_empty(reply)) {
    held_ = false;
    return all_asked() ? finish(effects_) : ask();
  }
  if (++requests_ > kMaxRequests) {
    return finish(hnbemu::fail(Cause::protocol, fmt::format("the ACS sent more than {} requests", kMaxRequests)));
  }
  auto message = decode(reply.body);
  if (!message) return finish(tl::unexpected(message.error()));
  if (const auto* fault = std::get_if<Fault>(&message->body)) {
    return finish(hnbemu::fail(
        Cause::cwmp_fault, fmt::format("the ACS sent fault {}: {}", fault->code, quoted(fault->text)), fault->code));
  }
  return on_request(std::move(*message));
}

Action Session::on_request(Envelope message) {
  request_ = message_name(message.body);
  if (request_.empty() || request_.ends_with("Response")) {  // the device has asked nothing
    return finish(
        hnbemu::fail(Cause::protocol, fmt::format("the ACS sent no request but: {}", describe(message.body))));
  }
  held_ = message.hold_requests.value_or(false);
  if (!message.not_understood.empty()) {  // SOAP 1.1 4.2.3
    Fault fault;
    fault.soap_code = "MustUnderstand";
    fault.text = "header not understood: " + message.not_understood;
    return envelope(message.version, message.id.value_or(""), std::move(fault));
  }
  const bool busy = transfers_.busy();
  RpcContext context{model_,
                     config_.parameter_key_path,
                     effects_,
                     transfers_,
                     config_.files,
                     version_,
                     received_,
                     config_.set_status,
                     config_.scheduled_informs,
                     &config_.optional,
                     &config_.device_id};
  auto reply = answer(context, message.body);
  const bool transfer =
      std::holds_alternative<DownloadResponse>(reply) || std::holds_alternative<UploadResponse>(reply);
  if (transfer && config_.transfers_at_once && !busy && transfers_.all().back().next_try <= received_) {
    const auto id = transfers_.all().back().id;
    transfers_.begin_at_once(id, received_);
    message.body = {};
    performing_ = Performing{id, std::move(message)};
    return Perform{id};
  }
  return envelope(message.version, message.id.value_or(""), std::move(reply));
}

// A.3.2.8: Status 0 with the times, or the fault, and no TransferComplete; 1 if it is not completed and applied.
Action Session::performed() {
  const auto done = std::exchange(performing_, std::nullopt).value_or(Performing{});
  const auto respond = [&](Body body) {
    return envelope(done.request.version, done.request.id.value_or(""), std::move(body));
  };
  const auto* const transfer = transfers_.find(done.transfer);
  if (transfer == nullptr) return finish(hnbemu::fail(Cause::cancelled, "the transfer was given up"));
  TransferResponse response{1, std::string(unknown_time), std::string(unknown_time)};
  const bool download = transfer->is_download();
  if (transfer->state == Transfer::State::completed) {
    const auto completed = *transfers_.take(done.transfer);
    if (completed.fault_code != 0) {
      const auto code = fault_code_in(version_, completed.fault_code, !download);
      return respond(make_fault(static_cast<datamodel::FaultCode>(code), completed.fault_string));
    }
    response = {0, to_date_time(completed.start), to_date_time(completed.complete)};
  } else {
    transfers_.keep(done.transfer);
  }
  return download ? respond(DownloadResponse{response}) : respond(UploadResponse{response});
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
