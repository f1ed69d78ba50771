#include "hms/session.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "cwmp/codec.h"
#include "hms/referee.h"

namespace hnbemu::hms {
namespace {

using cwmp::Body;
using cwmp::Envelope;

// TR-069 A.5.2.
constexpr int kMethodNotSupported = 8000;
constexpr int kRequestDenied = 8001;
constexpr int kInvalidArguments = 8003;
constexpr int kRetryRequest = 8005;

// TR-069 A.5.2: whose fault it is follows from the code.
cwmp::Fault acs_fault(int code, std::string text) {
  const bool client = code == kInvalidArguments;
  return {client ? "Client" : "Server", code, std::move(text), {}};
}

bool is_response_name(std::string_view name) {
  return name.ends_with("Response");
}

bool is_answer(const Body& body) {
  return std::holds_alternative<cwmp::Fault>(body) || is_response_name(cwmp::message_name(body));
}

// What the HMS takes note of, and no more.
std::optional<Body> heard(const Body& request) {
  if (std::holds_alternative<cwmp::TransferComplete>(request)) return cwmp::TransferCompleteResponse{};
  if (std::holds_alternative<cwmp::AutonomousTransferComplete>(request)) {
    return cwmp::AutonomousTransferCompleteResponse{};
  }
  if (std::holds_alternative<cwmp::RequestDownload>(request)) return cwmp::RequestDownloadResponse{};
  if (std::holds_alternative<cwmp::DuStateChangeComplete>(request)) return cwmp::DuStateChangeCompleteResponse{};
  return std::nullopt;
}

}  // namespace

const std::vector<std::string>& acs_methods() {
  static const std::vector<std::string> methods = {
      "Inform",          "GetRPCMethods", "TransferComplete",     "AutonomousTransferComplete",
      "RequestDownload", "Kicked",        "DUStateChangeComplete"};
  return methods;
}

Session::Reply Session::on_message(const Envelope& envelope, Findings& findings) {
  if (++messages_ > kMaxMessages) return refuse(503);
  check_headers(envelope, findings);
  said_all_ = false;
  if (std::holds_alternative<std::monostate>(envelope.body)) {
    findings.add(Rule::malformed_soap, "a SOAP envelope without a message");
    return refuse(400);
  }
  if (std::holds_alternative<cwmp::Inform>(envelope.body)) {
    findings.add(Rule::second_inform, "a second Inform in one session");
    return refuse(400);
  }
  if (state_ == State::opening) {
    const auto* invalid = std::get_if<cwmp::InvalidMessage>(&envelope.body);
    if (invalid != nullptr && invalid->name == "Inform") {
      findings.add(Rule::malformed_soap, fmt::format("Inform: {}", invalid->problem));
    } else {
      findings.add(Rule::first_not_inform, fmt::format("a session begins with {}", cwmp::message_name(envelope.body)));
    }
    return refuse(400);
  }
  return is_answer(envelope.body) ? on_answer(envelope, findings) : on_device_request(envelope, findings);
}

Session::Reply Session::on_empty_post(Findings& findings) {
  if (++messages_ > kMaxMessages) return refuse(503);
  if (state_ == State::opening) {
    findings.add(Rule::first_not_inform, "a session begins with an empty POST");
    return refuse(400);
  }
  if (state_ == State::answer_due) {
    findings.add(Rule::answer_missing, fmt::format("an empty POST instead of the answer to {}",
                                                   cwmp::message_name(exchanges_.back().request)));
    return refuse(400);
  }
  if (!held_) empty_seen_ = true;
  return next_request();
}

Session::Reply Session::on_malformed() {
  return refuse(400);
}

void Session::check_headers(const Envelope& envelope, Findings& findings) {
  const std::string_view name = cwmp::message_name(envelope.body);
  if (!envelope.id || envelope.id->empty()) findings.add(Rule::id_missing, fmt::format("{} has no cwmp:ID", name));
  if (envelope.hold_requests) {
    findings.add(Rule::hold_requests_by_device, fmt::format("{} carries HoldRequests", name));
  }
  for (const std::string& text : envelope.irregularities) findings.add(Rule::soap_irregularity, text);
  if (!opened_) version_ = envelope.version;
  if (envelope.version != version_) {
    findings.add(Rule::namespace_changed,
                 fmt::format("{} is in {}, the session began in {}", name, cwmp::namespace_uri(envelope.version),
                             cwmp::namespace_uri(version_)));
  }
}

Session::Reply Session::on_inform(const Envelope& envelope, Decision decision, Findings& findings) {
  if (++messages_ > kMaxMessages) return refuse(503);
  check_headers(envelope, findings);
  referee::check_inform(std::get<cwmp::Inform>(envelope.body), findings);
  if (decision.http_status) return refuse(*decision.http_status);
  if (decision.fault) {
    const bool retry = decision.fault->code == kRetryRequest;
    Reply reply = say(std::move(*decision.fault), envelope.id);
    state_ = retry ? State::opening : State::failed;
    return reply;
  }
  opened_ = true;
  state_ = State::device_turn;
  for (Body& request : decision.requests) requests_.push_back(std::move(request));
  return say(cwmp::InformResponse{}, envelope.id);
}

void Session::hold_requests(Reply& reply) {
  if (!reply.envelope) return;
  reply.envelope->hold_requests = true;
  held_ = true;
}

void Session::reopen() {
  requests_.clear();
  exchanges_.clear();
  state_ = State::opening;
  opened_ = false;
}

Session::Reply Session::on_device_request(const Envelope& envelope, Findings& findings) {
  const std::string name(cwmp::message_name(envelope.body));
  if (state_ == State::answer_due) {
    findings.add(Rule::request_while_answer_due,
                 fmt::format("{} instead of the answer to {}", name, cwmp::message_name(exchanges_.back().request)));
  }
  if (empty_seen_) findings.add(Rule::request_after_empty_post, fmt::format("{} after the empty POST", name));
  if (held_) {
    findings.add(Rule::request_while_held, fmt::format("{} while HoldRequests is true", name));
    return say(acs_fault(kRequestDenied, "HoldRequests is true"), envelope.id);
  }
  if (std::holds_alternative<cwmp::GetRpcMethods>(envelope.body)) {
    return say(cwmp::GetRpcMethodsResponse{acs_methods()}, envelope.id);
  }
  if (const auto* kicked = std::get_if<cwmp::Kicked>(&envelope.body)) {
    return say(cwmp::KickedResponse{kicked->next}, envelope.id);
  }
  if (auto response = heard(envelope.body)) return say(std::move(*response), envelope.id);
  if (const auto* invalid = std::get_if<cwmp::InvalidMessage>(&envelope.body)) {
    findings.add(Rule::malformed_soap, fmt::format("{}: {}", name, invalid->problem));
    return say(acs_fault(kInvalidArguments, invalid->problem), envelope.id);
  }
  return say(acs_fault(kMethodNotSupported, fmt::format("{} is not supported", name)), envelope.id);
}

Session::Reply Session::on_answer(const Envelope& envelope, Findings& findings) {
  const std::string_view name = cwmp::message_name(envelope.body);
  if (state_ != State::answer_due) {
    findings.add(Rule::answer_unexpected, fmt::format("{} answers nothing", name));
    return next_request();
  }
  Exchange& exchange = exchanges_.back();
  if (envelope.id && *envelope.id != request_id_) {
    findings.add(Rule::id_mismatch,
                 fmt::format("{} has the ID '{}', the request had '{}'", name, *envelope.id, request_id_));
  }
  if (const auto* invalid = std::get_if<cwmp::InvalidMessage>(&envelope.body)) {
    findings.add(Rule::malformed_soap, fmt::format("{}: {}", name, invalid->problem));
  } else if (!referee::is_answer_to(exchange.request, envelope.body)) {
    findings.add(Rule::answer_type, fmt::format("{} answers {}", name, cwmp::message_name(exchange.request)));
  } else {
    referee::check_answer(exchange.request, envelope.body, findings);
    exchange.answer = envelope.body;
  }
  state_ = State::device_turn;
  return next_request();
}

Session::Reply Session::next_request() {
  if (requests_.empty()) {
    held_ = false;
    said_all_ = true;
    if (empty_seen_) state_ = State::ended;
    return {};
  }
  exchanges_.push_back({std::move(requests_.front()), {}});
  requests_.pop_front();
  request_id_ = fmt::format("hms-{}-{}", number_, exchanges_.size());
  state_ = State::answer_due;
  return say(exchanges_.back().request, request_id_);
}

Session::Reply Session::say(Body body, std::optional<std::string> id) {
  held_ = false;
  return {200, Envelope{version_, std::move(id), {}, std::move(body), {}, {}}};
}

Session::Reply Session::refuse(int status) {
  state_ = State::failed;
  return {status, std::nullopt};
}

}  // namespace hnbemu::hms
