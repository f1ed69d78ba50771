#include "procedures/cwmp_session.h"

#include <algorithm>

#include "procedures/file_transfer.h"
#include "procedures/host_addresses.h"
#include "procedures/session_config.h"
#include "procedures/session_journal.h"
#include "procedures/transfer.h"

namespace hnbemu::procedures {
namespace {

void log_session(Context& context, const Url& hms) {
  std::vector<std::string> codes;
  for (const auto& event : context.events.pending()) codes.push_back(event.event_code);
  context.log.add(LogLevel::info, fmt::format("CWMP session with {}: {}", hms.to_string(), fmt::join(codes, ", ")));
}

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
  if (url->host != from.url.host) {
    auto addresses = co_await addresses_of(context, url->host, path);
    if (!addresses) co_return tl::unexpected(addresses.error());
    from.addresses = std::move(*addresses);
  }
  from.url = std::move(*url);
  co_return from;
}

// The first address that can be connected to keeps the session. `login` is the session's from its beginning: what the
// ACS sets meanwhile is for the next one.
Task<Result<AcsResponse>> post(Context& context, Destination& to, Path path, const Login& login,
                               const std::string& body) {
  const bool stopped = co_await is_cancelled();  // together with the reply before, which it has not interrupted
  if (stopped) co_return fail(Cause::cancelled, "the device was stopped");
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

// What a session that has ended leaves behind.
void conclude(Context& context, bool well, const std::string& url_before) {
  if (well) {
    context.bootstrapped_url = url_before;
    context.notifications.told();
    context.failed_sessions = 0;
    if (!context.has_time_client) context.knows_time = true;
  } else {
    context.notifications.not_told();  // its `4 VALUE CHANGE` comes again, with what it is about
    ++context.failed_sessions;
    context.reboot_keys.clear();  // TR-069 A.3.2.11: the CPE reboots after the session has ended well
  }
  // TR-069 3.7.1.5: the first session with another ACS says that it is the first, also if this one ended badly.
  if (context.value_of("acs_url") != url_before) bootstrap(context);
  for (auto& event : context.deployment_units.events()) context.events.push(std::move(event));
}

// The messages of one session, until it ends.
class Conversation {
 public:
  Conversation(Context& context, const Service& service, const SessionSteps& steps)
      : context_(context),
        path_(service.path),
        steps_(steps),
        session_(session_config(context), context.model, context.events, context.transfers),
        journal_(context.steps, steps_),
        to_{service.hms, service.hms_addresses},
        login_{context.value_of("acs_username"), context.value_of("acs_password")} {}

  Task<Result<cwmp::Effects>> hold() {
    const auto latest = context_.ports.clock.now() + kLongestSession;
    action_ = session_.start();
    while (!std::holds_alternative<cwmp::Finished>(action_)) {
      if (context_.ports.clock.now() < latest) {
        const auto done = co_await take_turn();
        if (!done) action_ = session_.fail(done.error());
      } else {
        const auto limit = std::chrono::duration_cast<Seconds>(kLongestSession).count();
        action_ = session_.fail({Cause::timeout, fmt::format("the ACS keeps the session for more than {} s", limit)});
      }
    }
    context_.retry_after = session_.retry_after();
    co_return tell(std::get<cwmp::Finished>(std::move(action_)).outcome);
  }

 private:
  // One message to the ACS, and what it answers. An error ends the session.
  Task<Result<>> take_turn() {
    if (auto* const message = std::get_if<cwmp::Post>(&action_)) current_ = std::move(*message);
    if (const auto* const redirect = std::get_if<cwmp::Redirect>(&action_)) {
      auto there = co_await redirected(context_, to_, redirect->location, path_);
      if (!there) co_return tl::unexpected(there.error());
      to_ = std::move(*there);
    }
    const auto response = co_await post(context_, to_, path_, login_, current_.body);
    if (!response) co_return tl::unexpected(journal_.on_no_reply(response.error(), informing_));
    journal_.on_reply(*response, informing_);
    if (informing_) {
      const auto reached = co_await context_.steps.reach(steps_.accept);
      if (!reached) co_return reached;
      journal_.resume();
    }
    auto heard = co_await hear(*response);
    journal_.resume();
    co_return heard;
  }

  Task<Result<>> hear(const AcsResponse& response) {
    const auto& clock = context_.ports.clock;
    action_ =
        session_.next({response.status, response.location, response.retry_after, response.body, clock.wall_now()});
    if (const auto* const perform = std::get_if<cwmp::Perform>(&action_)) {
      co_await perform_transfer(context_, perform->transfer, path_, clock.now() + kAtOnceLimit);
      action_ = session_.performed();
    }
    if (informing_ && session_.accepted()) {
      informing_ = false;
      context_.notifications.listen_to_device(true);
      journal_.on_accepted();
    }
    const auto answered = session_.take_answered();
    if (answered && !tells_what_is_done(answered->request)) context_.requests.pop_front();
    journal_.on_request(session_.request());
    co_return co_await prepare_next(context_, session_, steps_, answered.has_value());
  }

  // The error has the step that it came at.
  Result<cwmp::Effects> tell(Result<cwmp::Effects> outcome) {
    if (outcome) {
      journal_.on_end();
    } else if (outcome.error().step.empty()) {
      journal_.on_failure(outcome.error(), session_.accepted());
      outcome.error().step = to_string(session_.accepted() ? steps_.establish : steps_.accept);
    }
    return outcome;
  }

  Context& context_;
  const Path path_;
  const SessionSteps steps_;
  cwmp::Session session_;
  SessionJournal journal_;
  Destination to_;
  const Login login_;
  cwmp::Action action_;
  cwmp::Post current_;
  bool informing_ = true;
};

}  // namespace

Task<Result<>> run_cwmp_session(Context& context, Service service, SessionSteps steps) {
  for (const auto& first : {steps.establish, steps.inform}) {
    const auto reached = co_await context.steps.reach(first);
    if (!reached) co_return tl::unexpected(reached.error());
  }
  const InSession busy(context);
  context.asked = {};
  ++context.sessions;
  const std::string url_before = context.value_of("acs_url");
  Conversation conversation(context, service, steps);
  log_session(context, service.hms);
  auto outcome = co_await conversation.hold();
  context.ports.http.reset();
  conclude(context, outcome.has_value(), url_before);
  if (!outcome) co_return tl::unexpected(std::move(outcome).error());
  context.asked = std::move(*outcome);
  co_return Result<>{};
}

Task<Result<>> run_secured_session(Context& context, Service service, SessionSteps steps) {
  if (service.hms.scheme == "https") {
    auto session = run_cwmp_session(context, std::move(service), steps);
    co_return co_await std::move(session);
  }
  Error error{Cause::configuration, service.hms.to_string() + ": an HMS on the public Internet is reached by https"};
  error.step = to_string(steps.establish);
  context.steps.record(steps.establish, Millis{0}, error);
  co_return tl::unexpected(std::move(error));
}

}  // namespace hnbemu::procedures
