// What the HMS remembers of its devices from session to session.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "cwmp/codec.h"
#include "hms/hms.h"

namespace hnbemu::hms {
namespace {

constexpr Seconds kExpiryInterval{1};
constexpr std::size_t kMaxTextKept = 512;  // of a fault string or a value that a device sent

WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

bool has_bootstrap(const cwmp::Inform& inform) {
  return std::ranges::find(inform.events, "0 BOOTSTRAP", &cwmp::EventStruct::event_code) != inform.events.end();
}

bool sets_acs_url(const cwmp::Body& request) {
  const auto* set = std::get_if<cwmp::SetParameterValues>(&request);
  return set != nullptr && std::ranges::any_of(set->parameters, [](const auto& parameter) {
           return parameter.name.ends_with(".ManagementServer.URL");
         });
}

std::string describe(const cwmp::Body& answer) {
  const auto* fault = std::get_if<cwmp::Fault>(&answer);
  if (fault == nullptr) return std::string(cwmp::message_name(answer));
  std::string text = fmt::format("fault {}: {}", fault->code, fault->text.substr(0, kMaxTextKept));
  for (const auto& one : fault->set_parameter_values_faults) {
    if (text.size() > 2 * kMaxTextKept) break;
    text += fmt::format("; {} {}", one.parameter, one.code);
  }
  return text;
}

void keep_values(DeviceRecord& record, const std::vector<cwmp::ParameterValueStruct>& parameters) {
  for (const auto& parameter : parameters) {
    const auto known = record.values.find(parameter.name);
    if (known != record.values.end()) {
      known->second = parameter.value;
    } else if (record.values.size() < kMaxValuesKept) {
      record.values.emplace(parameter.name, parameter.value);
    }
  }
}

}  // namespace

Decision Hms::on_inform(Live& live, const cwmp::Inform& inform, const HttpRequest& request, Findings& findings) {
  live.inform = inform;
  live.device = identity_of(inform.device_id);
  live.inform_reply_due = true;
  const bool room = devices_.contains(live.device) || devices_.size() < kMaxDevices;
  if (!room) return {{}, std::nullopt, 503};
  Device& device = devices_.try_emplace(live.device, Device{}).first->second;
  if (device.sessions == 0) device.history.bootstrap_due = config_.first_contact_is_bootstrap;
  if (device.cookie != live.cookie) {
    leave_other_session(device, request, findings);
    device.cookie = live.cookie;
    live.device_session = ++device.sessions;
    referee::check_history(inform, device.history, findings);
  }
  if (config_.client_certificate_required) referee::check_certificate(request, inform.device_id, findings);

  const FapModel model = model_of(inform);
  const auto rule = std::ranges::find_if(
      config_.rules, [&](const auto& candidate) { return matches(candidate.match, inform, model); });
  if (rule == config_.rules.end()) {
    live.refused = true;
    live.detail = "no rule matches the device";
    return {{}, cwmp::Fault{"Server", 8001, "this device or its location is not served", {}}, std::nullopt};
  }
  live.fresh = has_bootstrap(inform) || !device.provisioned;
  if (live.fresh) device.provisioned = false;
  live.refused = rule->refusal != Refusal::none;
  live.detail = live.refused ? rule->refusal_text : fmt::format("rule {}", rule->name);
  Decision decision = decide(*rule, config_.role, model, live.fresh);
  if (!decision.fault && !decision.http_status) {
    std::ranges::move(device.queued, std::back_inserter(decision.requests));
    device.queued.clear();
  }
  return decision;
}

// TR-069 3.7: a device has one session at a time.
void Hms::leave_other_session(Device& device, const HttpRequest& request, Findings& findings) {
  const auto found = sessions_.find(device.cookie);
  if (found == sessions_.end()) return;
  const Live& other = *found->second;
  if (other.session.complete()) {
    close(other.cookie, SessionOutcome::clean, other.detail);
    return;
  }
  if (other.connection_open && other.connection != request.connection) {
    findings.add(Rule::concurrent_session, "a new session while another is open");
  }
  close(other.cookie, SessionOutcome::failed, "the device began a new session");
}

void Hms::begin_record(const Live& live, const HttpRequest& request) {
  journal_.update(live.device, [&](DeviceRecord& record) {
    record.device_id = live.inform.device_id;
    record.peer = request.peer;
    ++record.informs;
    keep_values(record, live.inform.parameters);
    SessionRecord session;
    session.number = live.session.number();
    session.started = wall_now();
    session.version = live.session.version();
    session.events = live.inform.events;
    session.retry_count = live.inform.retry_count;
    session.detail = live.detail;
    record.recent.push_back(std::move(session));
  });
}

void Hms::note_exchanges(Live& live) {
  const auto& exchanges = live.session.exchanges();
  for (; live.noted < exchanges.size(); ++live.noted) {
    const Exchange& exchange = exchanges[live.noted];
    if (std::holds_alternative<std::monostate>(exchange.answer)) return;
    note_answer(live, exchange);
  }
}

void Hms::note_answer(Live& live, const Exchange& exchange) {
  const bool fault = std::holds_alternative<cwmp::Fault>(exchange.answer);
  if (fault && !may_fail(exchange.request)) live.fresh = false;
  if (!fault && sets_acs_url(exchange.request)) devices_[live.device].history.bootstrap_allowed = true;
  journal_.update(live.device, [&](DeviceRecord& record) {
    if (const auto* values = std::get_if<cwmp::GetParameterValuesResponse>(&exchange.answer)) {
      keep_values(record, values->parameters);
    }
    for (SessionRecord& session : record.recent) {
      if (session.number != live.session.number() || session.exchanges.size() >= kMaxExchangesKept) continue;
      session.exchanges.push_back(
          {std::string(cwmp::message_name(exchange.request)), describe(exchange.answer), fault});
    }
  });
}

// After each reply: what was delivered, and whether the session is over.
void Hms::settle(Live& live) {
  const auto device = devices_.find(live.device);
  if (std::exchange(live.inform_reply_due, false) && device != devices_.end()) {
    referee::DeviceHistory& history = device->second.history;
    const bool answered = live.session.opened() && live.session.state() != Session::State::failed;
    history.undelivered = answered ? std::vector<cwmp::EventStruct>{} : live.inform.events;
    if (answered && has_bootstrap(live.inform)) history.bootstrap_due = false;
  }
  if (live.session.state() == Session::State::ended) {
    close(live.cookie, live.refused ? SessionOutcome::refused : SessionOutcome::clean, live.detail);
  } else if (live.session.state() == Session::State::failed) {
    close(live.cookie, live.refused ? SessionOutcome::refused : SessionOutcome::failed, live.detail);
  }
}

void Hms::close(const std::string& cookie, SessionOutcome outcome, const std::string& detail) {
  const auto found = sessions_.find(cookie);
  if (found == sessions_.end()) return;
  const std::unique_ptr<Live> live = std::move(found->second);
  sessions_.erase(found);
  cookie_of_connection_.erase(live->connection);
  const auto device = devices_.find(live->device);
  if (device == devices_.end()) return;
  device->second.cookie.clear();
  referee::DeviceHistory& history = device->second.history;
  const bool well = outcome == SessionOutcome::clean || live->session.state() == Session::State::ended;
  history.last_session_failed = !well;
  history.last_retry_count = live->inform.retry_count;
  if (well && has_bootstrap(live->inform)) {
    history.bootstrap_settled = true;
    history.bootstrap_allowed = std::ranges::any_of(live->session.exchanges(), [](const Exchange& exchange) {
      return sets_acs_url(exchange.request) && !std::holds_alternative<cwmp::Fault>(exchange.answer);
    });
  }
  if (outcome == SessionOutcome::clean && live->fresh) device->second.provisioned = true;
  if (outcome == SessionOutcome::refused) device->second.provisioned = false;
  journal_.update(live->device, [&](DeviceRecord& record) {
    if (outcome == SessionOutcome::clean) ++record.clean_sessions;
    if (outcome == SessionOutcome::refused) ++record.refused_sessions;
    if (outcome == SessionOutcome::failed) ++record.failed_sessions;
    record.provisioned = device->second.provisioned;
    for (SessionRecord& session : record.recent) {
      if (session.number != live->session.number()) continue;
      session.outcome = outcome;
      session.ended = wall_now();
      session.detail = detail;
    }
  });
}

void Hms::connection_closed(std::uint64_t connection) {
  const std::scoped_lock lock(mutex_);
  const auto found = cookie_of_connection_.find(connection);
  if (found == cookie_of_connection_.end()) return;
  Live& live = *sessions_.at(found->second);
  cookie_of_connection_.erase(found);
  // By cookie it may go on over another connection (TR-069 3.4.2), unless all is said.
  if (live.connection == connection) live.connection_open = false;
  if (live.session.complete()) close(live.cookie, SessionOutcome::clean, live.detail);
}

void Hms::expire(Deadline now) {
  if (now < next_expiry_) return;
  next_expiry_ = now + kExpiryInterval;
  std::vector<std::string> quiet;
  for (const auto& [cookie, live] : sessions_) {
    if (now - live->last_heard > config_.session_timeout) quiet.push_back(cookie);
  }
  for (const std::string& cookie : quiet) {
    const bool complete = sessions_.at(cookie)->session.complete();
    close(cookie, complete ? SessionOutcome::clean : SessionOutcome::failed, "the device fell silent");
  }
}

void Hms::record(Findings& findings, const std::string& device, std::uint64_t session) {
  for (auto& [rule, text] : findings.take()) {
    journal_.add({device, rule, std::move(text), session, std::chrono::system_clock::now()});
  }
}

Result<> Hms::enqueue(const std::string& device, cwmp::Body request) {
  const std::scoped_lock lock(mutex_);
  if (!devices_.contains(device) && devices_.size() >= kMaxDevices) {
    return fail(Cause::resources, "the HMS knows too many devices");
  }
  auto& queued = devices_[device].queued;
  if (queued.size() >= kMaxQueued)
    return fail(Cause::resources, "too many requests wait for the device's next session");
  queued.push_back(std::move(request));
  return {};
}

Result<> Hms::misbehave(Misbehaviour misbehaviour) {
  const std::scoped_lock lock(mutex_);
  if (!script_.add(std::move(misbehaviour))) return fail(Cause::resources, "the script is full");
  return {};
}

void Hms::allow_bootstrap(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  const auto found = devices_.find(device);
  if (found != devices_.end()) found->second.history.bootstrap_allowed = true;
}

}  // namespace hnbemu::hms
