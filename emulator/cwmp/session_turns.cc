#include <algorithm>
#include <iterator>
#include <utility>

#include "cwmp/codec.h"
#include "cwmp/session.h"
#include "cwmp/session_words.h"

// After the Inform: what the device asks, then what the ACS asks (TR-069 3.7.1.4, 3.7.2.4).
namespace hnbemu::cwmp {

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

}  // namespace hnbemu::cwmp
