#include "procedures/cwmp_session.h"

#include <algorithm>

#include "procedures/device_files.h"
#include "procedures/file_transfer.h"
#include "procedures/host_addresses.h"
#include "procedures/local_time.h"
#include "procedures/transfer.h"

namespace hnbemu::procedures {
namespace {

cwmp::Version version_of(std::string_view text) {
  if (text == "1.1") return cwmp::Version::v1_1;
  if (text == "1.2") return cwmp::Version::v1_2;
  if (text == "1.3") return cwmp::Version::v1_3;
  if (text == "1.4") return cwmp::Version::v1_4;
  return cwmp::Version::v1_0;
}

// TR-069 3.7.1.5: what has changed is in the Inform, and the event says so.
cwmp::SessionConfig session_config(Context& context) {
  const auto& profile = context.profile;
  cwmp::SessionConfig config;
  config.version = version_of(profile.cwmp_version);
  config.device_id = {profile.manufacturer, profile.oui, profile.product_class, context.value_of("serial_number")};
  config.inform_parameters = profile.inform_parameters;
  const auto add = [&list = config.inform_parameters](const std::string& path) {
    if (std::find(list.begin(), list.end(), path) == list.end()) list.push_back(path);
  };
  for (const auto& path : profile.location_parameters) add(path);
  // A device that comes back to its HMS by another tunnel is reached by another address.
  if (context.events.empty()) context.notifications.note(std::string(profile.path("connection_request_url")), false);
  if (context.notifications.any()) context.events.push("4 VALUE CHANGE");
  for (const auto& path : context.notifications.tell()) add(path);
  config.parameter_key_path = profile.path("parameter_key");
  config.current_time = to_date_time(shown_time(context));
  config.retry_count = context.failed_sessions;
  config.timeout_s = static_cast<std::uint32_t>(Deadlines::http.count());
  config.requests.assign(context.requests.begin(), context.requests.end());
  config.scheduled_informs = context.scheduled_informs.size();
  config.inform_id = *config::expand(profile.quirks.soap_id, {{"n", fmt::to_string(context.sessions)}});
  config.set_status = profile.quirks.status_1 ? 1 : 0;
  config.transfers_at_once = profile.quirks.download_status_0;
  config.files = {[&context](auto type) { return can_download(context, type); },
                  [&context](auto type) { return can_upload(context, type); }, kMaxFileBytes};
  config.optional = {profile.optional_rpcs, &context.options, &context.deployment_units};
  return config;
}

void log_session(Context& context, const Url& hms) {
  std::vector<std::string> codes;
  for (const auto& event : context.events.pending()) codes.push_back(event.event_code);
  context.log.add(LogLevel::info, fmt::format("CWMP session with {}: {}", hms.to_string(), fmt::join(codes, ", ")));
}

// Tells the steps of the procedure apart as the messages go by.
class Journal {
 public:
  Journal(StepLog& log, const SessionSteps& steps) : log_(log), steps_(steps), last_(log.clock().now()) {}

  // The answer to a post has come, or has not.
  void on_reply(const AcsResponse& response, bool was_inform) {
    const auto duration = lap();
    if (was_inform) {
      log_.record(steps_.establish, response.connect);
      log_.record(steps_.inform, duration - response.connect);
    } else if (std::exchange(answering_, false)) {
      log_.record(steps_.acknowledge, duration);
    }
  }
  // Returns the error with its step.
  Error on_no_reply(Error error, bool was_inform) {
    const bool late = error.cause == Cause::timeout;  // connecting is fast: a late answer is one to the Inform
    const auto& step = was_inform   ? (late ? steps_.inform : steps_.establish)
                       : answering_ ? steps_.acknowledge
                                    : steps_.release.value_or(steps_.establish);
    error.step = to_string(step);
    log_.record(step, lap(), error);
    return error;
  }
  void resume() { lap(); }  // after a time that does not count
  void on_accepted() { log_.record(steps_.accept, Millis{0}); }
  void on_request(std::string_view request) {
    answering_ = request == "SetParameterValues";
    if (answering_) log_.record(steps_.provision, Millis{0});
  }
  void on_end() {
    if (steps_.release) log_.record(*steps_.release, Millis{0});
  }
  // What the transport did has its own step already; this is what the ACS said.
  void on_failure(const Error& error, bool accepted) {
    log_.record(accepted ? steps_.release.value_or(steps_.establish) : steps_.accept, Millis{0}, error);
  }

 private:
  Millis lap() {
    const auto now = log_.clock().now();
    return std::chrono::duration_cast<Millis>(now - std::exchange(last_, now));
  }

  StepLog& log_;
  const SessionSteps& steps_;
  Deadline last_;
  bool answering_ = false;  // the post under way carries the SetParameterValuesResponse
};

struct Login {
  std::string username;
  std::string password;
};

// Where the session's messages go: the ACS, or where it redirected to.
struct Destination {
  Url url;
  std::vector<IpAddress> addresses;
};

Task<Result<Destination>> redirected(Context& context, Destination from, std::string location, Path path) {
  auto url = from.url.resolve(location);  // RFC 9110 10.2.2
  if (!url) co_return fail(Cause::protocol, "the ACS redirects to no URL: " + url.error().detail);
  if (url->scheme != "http" && url->scheme != "https") {
    co_return fail(Cause::protocol,
                   fmt::format("the ACS redirects to '{}', which is neither http nor https", location));
  }
  if (url->host == from.url.host) co_return Destination{*url, std::move(from.addresses)};
  auto addresses = co_await addresses_of(context, url->host, path);
  if (!addresses) co_return tl::unexpected(addresses.error());
  co_return Destination{*url, std::move(*addresses)};
}

// The first address that can be connected to keeps the session. `login` is the session's from its beginning: what the
// ACS sets meanwhile is for the next one.
Task<Result<AcsResponse>> post(Context& context, Destination& to, Path path, const Login& login,
                               const std::string& body) {
  Result<AcsResponse> response = fail(Cause::dns_no_such_name, to.url.host + " has no address");
  while (!to.addresses.empty()) {
    AcsRequest request{to.url, to.addresses.front(), body, login.username, login.password};
    const auto deadline = context.ports.clock.now() + Deadlines::http;
    response = co_await context.ports.http.post(std::move(request), path, deadline);
    const bool next = !response && response.error().cause == Cause::network && to.addresses.size() > 1;
    if (!next) break;
    to.addresses.erase(to.addresses.begin());
  }
  co_return response;
}

// While it lives, connection requests are answered with 503 (TR-069 3.2.2).
class InSession {
 public:
  explicit InSession(Context& context) : context_(context) { context_.in_session = true; }
  ~InSession() {
    context_.in_session = false;
    if (context_.on_session_end) context_.on_session_end();
  }
  InSession(const InSession&) = delete;
  InSession& operator=(const InSession&) = delete;

 private:
  Context& context_;
};

// TR-069 A.4.1.2: the delay begins when the method is called.
void schedule_inform(Context& context, const cwmp::ScheduleInform& asked) {
  auto& scheduled = context.scheduled_informs;
  const ScheduledInform one{context.ports.clock.wall_now() + Seconds{asked.delay_seconds}, asked.command_key};
  scheduled.insert(std::ranges::upper_bound(scheduled, one.at, {}, &ScheduledInform::at), one);
}

// Not one of the requests that wait in the context.
bool tells_what_is_done(const cwmp::Body& request) {
  return std::holds_alternative<cwmp::TransferComplete>(request) ||
         std::holds_alternative<cwmp::AutonomousTransferComplete>(request) ||
         std::holds_alternative<cwmp::DuStateChangeComplete>(request);
}

// Before the answer to a request goes out: what it says that is done must survive the loss of power. So must what the
// ACS has answered: it need not hear it again.
Task<Result<>> prepare_next(Context& context, cwmp::Session& session, SessionSteps steps, bool answered) {
  if (session.request().empty() && !answered) co_return Result<>{};
  context.reboot_keys = session.effects().reboots;
  if (auto asked = session.take_schedule_inform()) schedule_inform(context, *asked);
  if (session.request() == "SetParameterValues") {
    for (const auto& next : {steps.provision, steps.acknowledge}) {
      const auto reached = co_await context.steps.reach(next);
      if (!reached) co_return reached;
    }
  }
  co_return co_await remember(context);
}

}  // namespace

Task<Result<>> run_cwmp_session(Context& context, Service service, SessionSteps steps) {
  for (const auto& first : {steps.establish, steps.inform}) {
    const auto reached = co_await context.steps.reach(first);
    if (!reached) co_return tl::unexpected(reached.error());
  }
  const InSession busy(context);
  context.asked = {};
  ++context.sessions;
  cwmp::Session session(session_config(context), context.model, context.events, context.transfers);
  log_session(context, service.hms);
  Journal journal(context.steps, steps);
  Destination to{service.hms, service.hms_addresses};
  const std::string url_before = context.value_of("acs_url");
  const Login login{context.value_of("acs_username"), context.value_of("acs_password")};

  cwmp::Post current;
  bool informing = true;
  const auto latest = context.ports.clock.now() + kLongestSession;
  cwmp::Action action = session.start();
  while (!std::holds_alternative<cwmp::Finished>(action)) {
    if (context.ports.clock.now() >= latest) {
      const auto limit = std::chrono::duration_cast<Seconds>(kLongestSession).count();
      action = session.fail({Cause::timeout, fmt::format("the ACS keeps the session for more than {} s", limit)});
      continue;
    }
    if (auto* message = std::get_if<cwmp::Post>(&action)) current = std::move(*message);
    if (const auto* redirect = std::get_if<cwmp::Redirect>(&action)) {
      auto there = co_await redirected(context, to, redirect->location, service.path);
      if (!there) {
        action = session.fail(there.error());
        continue;
      }
      to = std::move(*there);
    }
    const auto response = co_await post(context, to, service.path, login, current.body);
    if (!response) {
      action = session.fail(journal.on_no_reply(response.error(), informing));
      continue;
    }
    journal.on_reply(*response, informing);
    if (informing) {
      const auto reached = co_await context.steps.reach(steps.accept);
      if (!reached) {
        action = session.fail(reached.error());
        continue;
      }
      journal.resume();
    }
    action = session.next(
        {response->status, response->location, response->retry_after, response->body, context.ports.clock.wall_now()});
    if (const auto* perform = std::get_if<cwmp::Perform>(&action)) {
      const auto limit = context.ports.clock.now() + kAtOnceLimit;
      co_await perform_transfer(context, perform->transfer, service.path, limit);
      action = session.performed();
    }
    if (informing && session.accepted()) {
      informing = false;
      context.notifications.listen_to_device(true);
      journal.on_accepted();
    }
    const auto answered = session.take_answered();
    if (answered && !tells_what_is_done(answered->request)) context.requests.pop_front();
    journal.on_request(session.request());
    const auto ready = co_await prepare_next(context, session, steps, answered.has_value());
    if (!ready) action = session.fail(ready.error());
    journal.resume();
  }
  context.ports.http.reset();
  context.retry_after = session.retry_after();

  auto outcome = std::get<cwmp::Finished>(std::move(action)).outcome;
  if (outcome) {
    context.bootstrapped_url = url_before;
    context.notifications.told();
  } else {
    context.notifications.not_told();  // its `4 VALUE CHANGE` comes again, with what it is about
  }
  // TR-069 3.7.1.5: the first session with another ACS says that it is the first, also if this one ended badly.
  if (context.value_of("acs_url") != url_before) bootstrap(context);
  for (auto& event : context.deployment_units.events()) context.events.push(std::move(event));
  if (!outcome) {
    ++context.failed_sessions;
    context.reboot_keys.clear();  // TR-069 A.3.2.11: the CPE reboots after the session has ended well
    const bool told = !outcome.error().step.empty();
    if (!told) journal.on_failure(outcome.error(), session.accepted());
    if (!told) outcome.error().step = to_string(session.accepted() ? steps.establish : steps.accept);
    co_return tl::unexpected(outcome.error());
  }
  context.failed_sessions = 0;
  context.asked = std::move(*outcome);
  if (!context.has_time_client) context.knows_time = true;
  journal.on_end();
  co_return Result<>{};
}

Task<Result<>> run_secured_session(Context& context, Service service, SessionSteps steps) {
  if (service.hms.scheme == "https") {
    auto session = run_cwmp_session(context, std::move(service), std::move(steps));
    co_return co_await std::move(session);
  }
  Error error{Cause::configuration, service.hms.to_string() + ": an HMS on the public Internet is reached by https"};
  error.step = to_string(steps.establish);
  context.steps.record(steps.establish, Millis{0}, error);
  co_return tl::unexpected(std::move(error));
}

}  // namespace hnbemu::procedures
