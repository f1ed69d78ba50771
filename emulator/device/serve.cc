#include "cwmp/retry.h"
#include "device/device.h"
#include "procedures/connection_requests.h"
#include "procedures/cpe_registration.h"

namespace hnbemu::device {
namespace {

bool is_true(std::string_view value) {
  return value == "1" || value == "true";
}

}  // namespace

// In service until something ends it. Sessions are held one at a time, when due; a failed one is tried again by the
// retry table while the cell stays on the air.
Task<Device::End> Device::serve() {
  auto& clock = context_.ports.clock;
  follow_admin_state();
  session_due_.reset();
  co_await remember();
  Deadline periodic = next_periodic_inform();
  while (!stopping_) {
    const Deadline next = session_due_ ? std::min(*session_due_, periodic) : periodic;
    const auto message = co_await mailbox_.pop(clock, next);
    if (stopping_) break;
    if (message) {
      if (const auto end = handle(*message)) co_return *end;
      co_await remember();
      continue;
    }
    if (clock.now() >= periodic) {
      events_.push("2 PERIODIC");
      session_due_ = session_due_ ? *session_due_ : clock.now();
      periodic = next_periodic_inform();
    }
    if (session_due_ && clock.now() >= *session_due_) {
      const auto end = co_await hold_session();
      if (end) co_return *end;
      periodic = next_periodic_inform();  // the ACS may have changed it
    }
  }
  co_return End::stopped;
}

std::optional<Device::End> Device::handle(const Message& message) {
  if (std::holds_alternative<RebootRequest>(message)) return End::reboot;
  if (const auto* request = std::get_if<InformRequest>(&message)) {
    events_.push(request->event_code);
    session_due_ = context_.ports.clock.now();
    return std::nullopt;
  }
  if (std::holds_alternative<SaveRequest>(message)) {
    follow_admin_state();  // it may be this that was set
    return std::nullopt;
  }
  const auto& event = std::get<TunnelEvent>(message);
  if (!service_.tunnel || event.tunnel.name != service_.tunnel->name) return std::nullopt;
  if (event.kind == TunnelEvent::Kind::lost) {
    status_.error = event.error;
    return End::service_lost;
  }
  // TS 32.583 5.2.2, TS 32.593 5.2.4: the HMS hears of the new inner address as soon as possible.
  service_.tunnel = event.tunnel;
  service_.path = {Plane::inner, event.tunnel.inner_address, event.tunnel.dns_servers};
  context_.set_value_of("inner_address", event.tunnel.inner_address.to_string());
  const auto listening = procedures::accept_connection_requests(context_, service_.path);
  if (!listening) status_.error = listening.error();
  for (const auto role : {"inner_address", "connection_request_url"}) {
    if (const auto path = profile_.path(role); !path.empty()) context_.changed_parameters.emplace(path);
  }
  events_.push("4 VALUE CHANGE");
  session_due_ = context_.ports.clock.now();
  become(status_.state);
  return std::nullopt;
}

Task<std::optional<Device::End>> Device::hold_session() {
  const auto effects = co_await procedures::run_cwmp_session(context_, service_, procedures::acs_session_steps());
  if (stopping_) co_return End::stopped;
  if (!effects) {
    status_.error = effects.error();
    session_due_ =
        context_.ports.clock.now() + cwmp::retry_wait(context_.failed_sessions, cwmp::RetryPolicy{}, random_);
    become(status_.state);
    co_return std::nullopt;
  }
  session_due_.reset();
  status_.error.reset();
  co_await remember();  // what the ACS has heard need not be told again
  if (effects->reboot) co_return End::reboot;
  if (context_.value_of("acs_url") != service_.hms.to_string()) co_return End::moved;
  follow_admin_state();
  co_return std::nullopt;
}

// From one PeriodicInformTime to the next if there is one, else from now (TR-069 PeriodicInformTime).
Deadline Device::next_periodic_inform() const {
  auto& clock = context_.ports.clock;
  if (!is_true(context_.value_of("periodic_inform_enable"))) return clock.now() + std::chrono::hours(24);
  return clock.now() + cwmp::until_periodic_inform(context_.value_of("periodic_inform_interval"),
                                                   context_.value_of("periodic_inform_time"), clock.wall_now());
}

// The cell is on the air as long as the HMS wants it to be: AdminState -> OpState -> RFTxStatus.
void Device::follow_admin_state() {
  if (profile_.technology == config::Technology::none) return become(State::in_service);  // no cell
  const std::string_view wanted = is_true(context_.value_of("admin_state")) ? "1" : "0";
  context_.set_value_of("op_state", wanted);
  context_.set_value_of("rf_tx_status", wanted);
  become(wanted == "1" ? State::in_service : State::registered);
}

}  // namespace hnbemu::device
