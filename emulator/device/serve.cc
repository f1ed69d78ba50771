#include "device/device.h"
#include "procedures/address_change.h"
#include "procedures/causes.h"
#include "procedures/come_into_service.h"
#include "procedures/cpe_registration.h"
#include "procedures/deprovisioning.h"
#include "procedures/gateway_registration.h"

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
  tell_of_deployment_units();
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
  if (std::holds_alternative<SaveRequest>(message)) {
    if (moved()) return End::moved;
    follow();
  }
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

Task<std::optional<Device::End>> Device::hold_session() {
  const auto& steps =
      address_is_new_ ? procedures::address_change_steps(profile_.technology) : procedures::acs_session_steps();
  const auto held = co_await procedures::run_cwmp_session(context_, service_, steps);
  if (stopping_) co_return End::stopped;
  status_.error = held ? std::nullopt : std::optional(held.error());
  held ? procedures::note_session(context_) : procedures::note_failure(context_, held.error());
  watch_acs(status_.error);
  co_await remember();  // what the ACS has heard need not be told again
  if (!held) {
    if (moved()) co_return End::moved;
    if (gone_for_long()) co_return End::service_lost;
    session_due_ = context_.ports.clock.now() + retry_wait(context_.failed_sessions);
    become(status_.state);
    follow();  // what was set is set
    co_return std::nullopt;
  }
  session_due_.reset();
  tell_of_deployment_units();
  address_is_new_ = false;
  agenda_.session_ended_well();
  if (const auto end = asked_end()) co_return *end;
  if (procedures::leave_if_deprovisioned(context_)) co_return End::moved;
  if (moved()) co_return End::moved;
  if (service_.gateway != procedures::wanted_gateway(context_)) {
    const auto entered = co_await procedures::register_again_with_gateway(context_, service_);
    if (!entered) {
      status_.error = entered.error();
      co_return stopping_ ? End::stopped : End::service_lost;
    }
  }
  follow();
  co_return std::nullopt;
}

// TR-069 A.4.1.10: the results of a ChangeDUState are told in a session of their own.
void Device::tell_of_deployment_units() {
  if (!context_.deployment_units.empty()) session_due_ = context_.ports.clock.now();
}

// The radio may go on the air, or off, at any time: when a measurement ends, when something is set.
void Device::show_radio() {
  if (!radio_.serving()) return;
  status_.off_air = radio_.off_air();
  const bool has_cell = profile_.technology != config::Technology::none;
  become(radio_.on_air() || !has_cell ? State::in_service : State::registered);
}

}  // namespace hnbemu::device
