#include "device/device.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "procedures/acs_by_dhcp.h"
#include "procedures/connection_requests.h"
#include "procedures/device_files.h"
#include "procedures/local_time.h"

namespace hnbemu::device {

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

// A device whose memory fails goes on, and says so.
Task<void> Device::remember() {
  const auto remembered = co_await procedures::remember(context_);
  if (!stopping_) self_watch_.note_commit(remembered ? std::nullopt : std::optional(remembered.error()));
  if (remembered || stopping_) co_return;
  status_.error = remembered.error();
  become(status_.state);
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
