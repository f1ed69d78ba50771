#include "device/device.h"
#include "procedures/causes.h"
#include "procedures/connection_requests.h"
#include "procedures/cpe_registration.h"
#include "procedures/deprovisioning.h"

namespace hnbemu::device {
namespace {

constexpr std::string_view kKicked = "5 KICKED";
constexpr std::string_view kRequestDownload = "9 REQUEST DOWNLOAD";

}  // namespace

// In service until something ends it. Sessions are held one at a time, when due; a failed one is tried again by the
// retry table while the cell stays on the air.
Task<Device::End> Device::serve() {
  auto& clock = context_.ports.clock;
  for (auto* const companion : companions_) companion->serve(service_);
  session_due_.reset();
  co_await remember();
  agenda_.begin();
  while (!stopping_) {
    const Deadline next = session_due_ ? std::min(*session_due_, agenda_.next()) : agenda_.next();
    const auto message = co_await mailbox_.pop(clock, next);
    if (stopping_) break;
    if (message) {
      if (const auto end = handle(*message)) co_return *end;
      co_await remember();
    }
    // What is new does not wait for the retry of what was.
    if (agenda_.fire()) {
      session_due_ = clock.now();
      co_await remember();
    }
    if (session_due_ && clock.now() >= *session_due_) {
      const auto end = co_await hold_session();
      if (end) co_return *end;
      agenda_.follow_acs();
    }
  }
  co_return End::stopped;
}

std::optional<Device::End> Device::handle(const Message& message) {
  if (std::holds_alternative<RebootRequest>(message)) return End::reboot;
  if (std::holds_alternative<FactoryResetRequest>(message)) return End::factory_reset;
  if (std::holds_alternative<SaveRequest>(message)) follow();
  if (const auto* request = std::get_if<InformRequest>(&message)) note(*request);
  if (const auto* request = std::get_if<AskRequest>(&message)) note(*request);
  const bool session = std::holds_alternative<InformRequest>(message) || std::holds_alternative<AskRequest>(message) ||
                       std::holds_alternative<TellRequest>(message);
  if (session) session_due_ = context_.ports.clock.now();
  if (const auto* event = std::get_if<TunnelEvent>(&message)) return on_tunnel_event(*event);
  if (std::holds_alternative<AccessChange>(message)) return on_access_change();
  return std::nullopt;
}

void Device::note(const InformRequest& request) {
  if (request.event_code == kKicked) return note(AskRequest{cwmp::Kicked{}});  // the event goes with the RPC
  events_.push(request.event_code);
}

void Device::note(const AskRequest& request) {
  if (std::holds_alternative<cwmp::Kicked>(request.body)) events_.push(kKicked);
  if (std::holds_alternative<cwmp::RequestDownload>(request.body)) events_.push(kRequestDownload);
  if (context_.requests.size() < procedures::kMaxDeviceRequests) context_.requests.push_back(request.body);
}

std::optional<Device::End> Device::on_tunnel_event(const TunnelEvent& event) {
  if (!service_.tunnel || event.tunnel.name != service_.tunnel->name) return std::nullopt;
  if (event.kind == TunnelEvent::Kind::lost) {
    status_.error = event.error;
    procedures::raise_cause(context_, "tunnel_down", event.error.detail);
    return End::service_lost;
  }
  // TS 32.583 5.2.2, TS 32.593 5.2.4: the HMS hears of the new inner address as soon as possible.
  service_.tunnel = event.tunnel;
  service_.path = {Plane::inner, event.tunnel.inner_address, event.tunnel.dns_servers};
  context_.set_value_of("inner_address", event.tunnel.inner_address.to_string());
  const auto listening = procedures::accept_connection_requests(context_, service_.path);
  if (!listening) status_.error = listening.error();
  for (const auto role : {"inner_address", "connection_request_url"}) {
    if (const auto path = profile_.path(role); !path.empty()) context_.notifications.note(std::string(path), true);
  }
  session_due_ = context_.ports.clock.now();
  for (auto* const companion : companions_) companion->serve(service_);
  become(status_.state);
  return std::nullopt;
}

Task<std::optional<Device::End>> Device::hold_session() {
  const auto held = co_await procedures::run_cwmp_session(context_, service_, procedures::acs_session_steps());
  if (stopping_) co_return End::stopped;
  status_.error = held ? std::nullopt : std::optional(held.error());
  held ? procedures::note_session(context_) : procedures::note_failure(context_, held.error());
  watch_acs(status_.error);
  co_await remember();  // what the ACS has heard need not be told again
  if (!held) {
    if (moved()) co_return End::moved;
    session_due_ = context_.ports.clock.now() + retry_wait(context_.failed_sessions);
    become(status_.state);
    follow();  // what was set is set
    co_return std::nullopt;
  }
  session_due_.reset();
  agenda_.session_ended_well();
  if (const auto end = asked_end()) co_return *end;
  if (procedures::is_deprovisioned(context_)) co_return End::moved;
  if (moved()) co_return End::moved;
  follow();
  co_return std::nullopt;
}

// The ACS has another URL; it may be spelled in more than one way.
bool Device::moved() const {
  const auto acs = Url::parse(context_.value_of("acs_url"));
  return !acs || *acs != service_.hms;
}

// The radio may go on the air, or off, at any time: when a measurement ends, when something is set.
void Device::show_radio() {
  if (!radio_.serving()) return;
  status_.off_air = radio_.off_air();
  const bool has_cell = profile_.technology != config::Technology::none;
  become(radio_.on_air() || !has_cell ? State::in_service : State::registered);
}

}  // namespace hnbemu::device
