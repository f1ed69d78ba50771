#include "device/device.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "cwmp/retry.h"
#include "procedures/acs_by_dhcp.h"
#include "procedures/assigned_elements.h"
#include "procedures/causes.h"
#include "procedures/come_into_service.h"
#include "procedures/connection_requests.h"
#include "procedures/cpe_registration.h"
#include "procedures/deprovisioning.h"
#include "procedures/device_files.h"
#include "procedures/factory_reset.h"
#include "procedures/local_time.h"
#include "procedures/secure_connection.h"

namespace hnbemu::device {

using procedures::Service;
using procedures::ServingElements;

namespace {

// TR-069 3.1: why a text is no ACS URL.
std::optional<std::string> no_acs_url(std::string_view text) {
  const auto url = Url::parse(text);
  if (url && (url->scheme == "http" || url->scheme == "https")) return std::nullopt;
  return "Invalid parameter value: an ACS URL is http or https";
}

// Written by the device itself, and not to be forgotten: a ParameterKey is the ACS's will (TR-069 A.3.2.1), alarm
// events outlive the power (TR-196 HistoryEvent), and what DHCP has found is as good as configured (TR-069 3.1).
std::set<std::string, std::less<>> kept_paths(const config::Profile& profile, const alarms::FaultManagement& alarms,
                                              procedures::HmsByDhcp by_dhcp) {
  std::set<std::string, std::less<>> paths;
  for (auto& table : alarms.lasting_tables()) paths.insert(std::move(table));
  if (by_dhcp != procedures::HmsByDhcp::none)
    for (auto& path : procedures::discovered_paths(profile)) paths.insert(std::move(path));
  if (const auto path = profile.path("parameter_key"); !path.empty()) paths.emplace(path);
  return paths;
}

generators::Setup live_setup(Setup& setup, const procedures::Context& context) {
  setup.facts.time_synchronised = [&context] { return context.knows_time; };
  setup.facts.shows_epoch = [&context] { return procedures::shows_epoch(context); };
  setup.facts.local_date_time = [&context](WallTime time) {
    return procedures::local_time_zone(context).to_date_time(time);
  };
  return {std::move(setup.plan), setup.seed, std::move(setup.fields), std::move(setup.facts)};
}

generators::Time live_time(Clock& clock) {
  return {[&clock] { return clock.device_now(); }, [&clock] { return clock.wall_now(); }};
}

}  // namespace

Device::Device(boost::asio::any_io_executor executor, Setup setup, procedures::Ports ports, datamodel::DataModel model)
    : executor_(executor),
      profile_(std::move(setup.profile)),
      model_(std::move(model)),
      steps_(ports.clock),
      random_(setup.seed),
      context_{
          profile_,
          std::move(setup.factory),
          std::move(setup.outer),
          std::move(setup.surroundings),
          ports,
          model_,
          events_,
          steps_,
          random_,
          alarms_,
          procedures::NonVolatile(ports.store, ports.clock, kept_paths(profile_, alarms_, setup.factory.hms_by_dhcp))},
      access_(executor, context_, setup.id),
      time_client_(executor, context_),
      radio_(executor, context_, {std::move(setup.radio_map), setup.position, setup.seed}),
      statistics_(executor, context_),
      transfers_(executor, context_),
      measurements_(executor, context_, {setup.measurements, setup.seed, std::move(setup.measurement_files)}),
      pm_uploads_(executor, context_, measurements_, setup.measurements && setup.measurements->post),
      udp_connection_requests_(executor, context_, {[this] { return takes_requests(); }, [this] { take_request(); }}),
      diagnostics_(executor, context_),
      alarm_generator_(executor, context_, setup.seed),
      self_watch_(executor, context_, std::move(setup.self)),
      live_(live_setup(setup, context_), model_, live_time(ports.clock)),
      live_sooner_(executor),
      mailbox_(executor),
      agenda_(context_) {
  status_.id = std::move(setup.id);
  status_.profile = profile_.name;
  status_.outer_address = context_.outer.source;
  set_factory_values();
  model_.refuse_when(std::string(profile_.path("acs_url")), no_acs_url);
  model_.seal();
  forgotten_ = procedures::recall(context_, setup.memory);
  context_.set_value_of("outer_address", context_.outer.source.to_string());
  procedures::choose_connection_request_target(context_);
  procedures::prepare_files(context_);
  context_.notifications.watch([this] { mailbox_.push(NotifyRequest{}); });
  // TR-196 has it notify always; TS 32.583 5.2.2 only where the HMS is reached by it.
  context_.notifications.leave_to_procedures(std::string(context_.profile.path("inner_address")));
  watch_alarms();
  listen();
  radio_.observe([this] { show_radio(); });
  context_.storage = std::move(setup.storage);
  transfers_.observe([this] { mailbox_.push(TellRequest{}); }, [this] { return mailbox_.push(RebootRequest{}); });
  measurements_.observe([this] { pm_uploads_.look(); });
  watch_access_and_clock();
  diagnostics_.on_complete([this] { inform("8 DIAGNOSTICS COMPLETE"); });
  steps_.observe_hold([this] {
    status_.held_at = steps_.held() ? procedures::to_string(*steps_.held()) : "";
    become(status_.state);
  });
}

void Device::set_factory_values() {
  const auto& factory = context_.factory;
  context_.set_value_of("acs_url", factory.serving_hms.empty() ? factory.initial_hms : factory.serving_hms);
  if (!factory.serving_segw.empty()) context_.set_value_of("serving_segw", factory.serving_segw);
}

void Device::listen() {
  context_.ports.connection_requests.serve(
      [this] {
        if (context_.value_of("http_connection_request_enable") == "false") return ConnectionRequestAccess{};
        return ConnectionRequestAccess{context_.memory.fact(procedures::kConnectionRequestTarget),
                                       context_.value_of("connection_request_username"),
                                       context_.value_of("connection_request_password")};
      },
      [this] { return takes_requests(); }, [this] { take_request(); });
}

// TR-069 3.2.2: a request, by HTTP or UDP, is taken when no session is under way, there is something to have one for,
// and not too many have come.
bool Device::takes_requests() {
  const bool serves = status_.state == State::in_service || status_.state == State::registered;
  return serves && !context_.in_session && !request_window_.is_full(context_.ports.clock.now());
}

void Device::take_request() {
  constexpr std::string_view kEvent = "6 CONNECTION REQUEST";
  request_window_.accept(context_.ports.clock.now());
  // Those that come before the session has begun are one.
  mailbox_.remove_if([&](const Message& message) {
    const auto* const request = std::get_if<InformRequest>(&message);
    return request != nullptr && request->event_code == kEvent;
  });
  inform(std::string(kEvent));
}

void Device::start(std::function<void()> finished) {
  context_.ports.tunnel.on_event([this](const TunnelEvent& event) {
    const bool other = service_.tunnel && service_.tunnel->name != event.tunnel.name;  // an initial one that was kept
    if (!other) context_.ports.http.reset();  // nothing inner may outlive its SA
    mailbox_.push(event);
  });
  tasks_ = 2 + companions_.size();
  const auto done = [this, finished = std::move(finished)](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
    if (--tasks_ == 0) finished();
  };
  boost::asio::co_spawn(executor_, run(), boost::asio::bind_cancellation_slot(cancel_.slot(), done));
  for (auto* const companion : companions_) {
    boost::asio::co_spawn(executor_, companion->run(), boost::asio::bind_cancellation_slot(companion->slot(), done));
  }
  boost::asio::co_spawn(executor_, run_live(), done);
}

void Device::stop() {
  stopping_ = true;
  for (auto* const companion : companions_) companion->stop();
  cancel_.emit(boost::asio::cancellation_type::terminal);
}

void Device::inform(std::string event_code) {
  mailbox_.push(InformRequest{std::move(event_code)});
}
void Device::reboot() {
  mailbox_.push(RebootRequest{});
}
void Device::factory_reset() {
  mailbox_.push(FactoryResetRequest{});
}
void Device::allow() {
  mailbox_.push(AllowRequest{});
}
tl::expected<std::vector<std::string>, std::string> Device::send_measurements() {
  auto names = measurements_.cut();
  if (names) pm_uploads_.look_at_once();
  return names;
}
void Device::request(cwmp::Body body) {
  mailbox_.push(AskRequest{std::move(body)});
}
void Device::save() {
  mailbox_.push(SaveRequest{});
}

Task<void> Device::run() {
  // Cancellation comes back as an error of the port call at hand, so that the device can put its things in order.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  power_up();
  while (!stopping_) {
    auto end = co_await come_into_service();
    if (!end) end = co_await serve();
    co_await shut_down();
    if (end == End::factory_reset) co_await reset_to_factory();
    if (end == End::reboot || end == End::factory_reset) co_await boot_again();
  }
  become(State::off);
  ended_ = true;
  live_sooner_.expires_at(Deadline::min());
}

// What was under way when the power went is as good as done: a reboot ends all the same.
void Device::power_up() {
  context_.asked = {};
  events_.reboot();
  context_.notifications.forget();  // TR-069 3.7.1.5: as the `4 VALUE CHANGE` that it was about
  context_.notifications.listen_to_device(false);
  procedures::boot_files(context_);
  // Without an ACS there is nobody to bootstrap with: that comes when DHCP gives one.
  const bool has_acs =
      context_.factory.hms_by_dhcp == procedures::HmsByDhcp::none || !context_.value_of("acs_url").empty();
  if (has_acs && context_.value_of("acs_url") != context_.bootstrapped_url) procedures::bootstrap(context_);
  events_.push("1 BOOT");
  if (profile_.quirks.value_change_on_boot) events_.push("4 VALUE CHANGE");
  context_.powered_at = context_.ports.clock.device_now();
  context_.sessions = 0;
  context_.knows_time = false;
  context_.requests.clear();  // their events are gone
  for (auto& event : context_.deployment_units.events()) events_.push(std::move(event));
  for (auto& key : std::exchange(context_.reboot_keys, {})) events_.push({"M Reboot", std::move(key)});
  for (auto* const companion : companions_) companion->power_up();
  live_.boot();
}

// Until one attempt succeeds, the ACS asks for something else, or the device is stopped.
Task<std::optional<Device::End>> Device::come_into_service() {
  while (!stopping_) {
    if (is_silent()) {
      co_await stay_away();
      continue;
    }
    auto service = co_await bring_up();
    watch_acs(service ? std::nullopt : std::optional(service.error()));
    if (const auto end = asked_end()) co_return end;
    if (service) {
      service_ = std::move(*service);
      status_.error.reset();
      status_.failed_attempts = 0;
      procedures::note_registered(context_);
      co_return std::nullopt;
    }
    if (!stopping_) co_await wait_to_retry(service.error());
  }
  co_return End::stopped;
}

// What the ACS asked for in a session that has ended well.
std::optional<Device::End> Device::asked_end() const {
  if (context_.asked.factory_reset) return End::factory_reset;
  if (!context_.asked.reboots.empty() || context_.transfers.awaits_boot()) return End::reboot;
  return std::nullopt;
}

Task<Result<Service>> Device::bring_up() {
  if (!access_.bound()) become(State::discovering);
  const auto bound = co_await access_.wait_until_bound(context_.ports.clock.now() + procedures::Deadlines::dhcp);
  if (!bound) co_return tl::unexpected(bound.error());
  binding_ = access_.bindings();
  tried_acs_ = context_.value_of("acs_url");
  if (context_.value_of("acs_url").empty() && context_.factory.hms_by_dhcp != procedures::HmsByDhcp::none) {
    access_.rediscover();
    co_return fail(Cause::configuration,
                   "DHCP has given no ACS URL (TR-069 3.1: option 43 or 125), and there is none else");
  }
  if (profile_.technology == config::Technology::none) {
    status_.serving_hms = context_.value_of("acs_url");
    become(State::registering);
    co_return co_await procedures::register_cpe(context_);
  }
  // A device that knows its serving elements from an earlier discovery goes straight to them.
  auto known = procedures::assigned_elements(context_);
  if (!known) co_return co_await come_by_initial_hms(false);
  known->registered = false;
  auto service = co_await register_with(std::move(*known));
  if (service || !procedures::is_gone(service.error()) || !gone_for_long()) co_return service;
  co_await shut_down();
  co_return co_await come_by_initial_hms(true);
}

Task<Result<Service>> Device::come_by_initial_hms(bool again) {
  become(State::discovering);
  auto discovery = again ? procedures::discover_again(context_) : procedures::discover(context_);
  auto elements = co_await std::move(discovery);
  if (!elements) co_return tl::unexpected(elements.error());
  gone_from_.reset();
  if (asked_end()) co_return fail(Cause::cancelled, "the Initial HMS wants something else first");
  co_return co_await register_with(std::move(*elements));
}

Task<Result<Service>> Device::register_with(ServingElements elements) {
  status_.serving_hms = elements.hms.to_string();
  become(State::registering);
  co_return co_await procedures::register_device(context_, std::move(elements));
}

// A device that has left its operator stays away from it until its user says otherwise.
bool Device::is_silent() const {
  const auto& factory = context_.factory;
  const auto hms = Url::parse(factory.initial_hms.empty() ? factory.serving_hms : factory.initial_hms);
  return !context_.silent_towards.empty() && hms && procedures::operator_of(*hms) == context_.silent_towards;
}

Task<void> Device::stay_away() {
  become(State::silent);
  while (!stopping_ && is_silent()) {
    const auto message = co_await mailbox_.pop(context_.ports.clock, Deadline::max());
    if (message && std::holds_alternative<AllowRequest>(*message)) context_.silent_towards.clear();
    if (message) co_await remember();
  }
}

// Whatever failed: the attempt ends, nothing of it is kept, and the next one comes by the table of TR-069 3.2.1.1, or
// at once when somebody asks for it.
Task<void> Device::wait_to_retry(Error error) {
  auto& clock = context_.ports.clock;
  procedures::note_failure(context_, error);
  status_.error = std::move(error);
  ++status_.failed_attempts;
  co_await shut_down();
  become(State::waiting_to_retry);
  const auto next = clock.now() + retry_wait(status_.failed_attempts);
  while (!stopping_ && clock.now() < next) {
    const auto message = co_await mailbox_.pop(clock, next);
    if (!message) co_return;
    if (const auto* request = std::get_if<InformRequest>(&*message)) {
      note(*request);
      co_return;
    }
    if (const auto* request = std::get_if<AskRequest>(&*message)) {
      note(*request);
      co_return;
    }
    if (std::holds_alternative<SaveRequest>(*message)) follow();
    if (std::holds_alternative<AccessChange>(*message) && access_is_new()) co_return;
    const bool reset = std::holds_alternative<FactoryResetRequest>(*message);
    if (reset) co_await reset_to_factory();
    if (reset || std::holds_alternative<RebootRequest>(*message)) {
      co_await boot_again();
      co_return;
    }
    co_await remember();
  }
}

// TR-069 3.2.1.1, with the ACS's own parameters; an ACS that is overloaded may ask for more (HTTP 503, Retry-After).
Millis Device::retry_wait(unsigned failures) {
  const auto policy = cwmp::retry_policy(context_.value_of("retry_minimum_wait_interval"),
                                         context_.value_of("retry_interval_multiplier"));
  return std::max(cwmp::retry_wait(failures, policy, random_), Millis(context_.retry_after));
}

// A device whose memory fails goes on, and says so.
Task<void> Device::remember() {
  const auto remembered = co_await procedures::remember(context_);
  if (!stopping_) self_watch_.note_commit(remembered ? std::nullopt : std::optional(remembered.error()));
  if (remembered || stopping_) co_return;
  status_.error = remembered.error();
  become(status_.state);
}

// Off the air, tunnels down, connections closed. The SeGWs are told if they answer in time.
Task<void> Device::shut_down() {
  for (auto* const companion : companions_) companion->leave();
  status_.off_air.clear();
  context_.ports.http.reset();
  context_.ports.connection_requests.close();
  if (context_.ports.gateway != nullptr) context_.ports.gateway->leave();
  address_is_new_ = false;
  for (const auto* const name : {procedures::kInitialTunnel, procedures::kServingTunnel}) {
    const auto deadline = context_.ports.clock.now() + procedures::Deadlines::release;
    co_await context_.ports.tunnel.release(name, deadline);
  }
  mailbox_.remove_if([](const Message& message) { return std::holds_alternative<TunnelEvent>(message); });
  service_ = {};
  status_.inner_address = {};
}

// TR-069 A.4.1.4, TS 32.583 5.4. What a HeNB keeps is that it has left its operator.
Task<void> Device::reset_to_factory() {
  procedures::leave_by_reset(context_);
  for (auto* const companion : companions_) companion->power_down();
  alarms_.forget();
  journal_.power_down();
  procedures::forget_all(context_);
  context_.set_value_of("outer_address", context_.outer.source.to_string());
  procedures::choose_connection_request_target(context_);
  co_await remember();
}

// TR-069 3.2.1.1: after a reboot the waits begin with the first again.
Task<void> Device::boot_again() {
  for (auto* const companion : companions_) companion->power_down();
  alarms_.forget();
  journal_.power_down();
  status_.failed_attempts = 0;
  become(State::rebooting);
  co_await context_.ports.clock.sleep_until(context_.ports.clock.after(profile_.boot_time));
  mailbox_.remove_if([](const Message& message) { return std::holds_alternative<RebootRequest>(message); });
  power_up();
}

void Device::follow() {
  for (auto* const companion : companions_) companion->follow();
}

void Device::become(State state) {
  status_.state = state;
  if (service_.tunnel) status_.inner_address = service_.tunnel->inner_address;
  if (observer_) observer_(*this);
}

}  // namespace hnbemu::device
