#include "hms/hms.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <utility>
#include <variant>

#include "cwmp/codec.h"

namespace hnbemu::hms {
namespace {

constexpr std::string_view kCookie = "hnbemu-session";
constexpr std::string_view kRetryAfterOverload = "30";  // seconds
constexpr int kRetryRequest = 8005;                     // TR-069 A.5.2
constexpr std::string_view kCwmpNamespace = "urn:dslforum-org:cwmp-1-";

// TR-069 3.4.2: a device may return several cookies.
std::string cookie_of(const HttpRequest& request) {
  for (const auto& [key, value] : request.headers) {
    if (!equal_ignoring_case(key, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find_first_of(";,"));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      if (!pair.starts_with(kCookie) || !pair.substr(kCookie.size()).starts_with('=')) continue;
      pair.remove_prefix(kCookie.size() + 1);
      while (pair.ends_with(' ')) pair.remove_suffix(1);
      if (pair.starts_with('"') && pair.ends_with('"') && pair.size() > 1) pair = pair.substr(1, pair.size() - 2);
      return std::string(pair);
    }
  }
  return {};
}

std::string random_cookie() {
  std::array<unsigned char, 16> random{};
  RAND_bytes(random.data(), static_cast<int>(random.size()));
  std::string text;
  for (const unsigned char byte : random) text += fmt::format("{:02x}", byte);
  return text;
}

HttpReply status_reply(int status) {
  HttpReply reply;
  reply.status = status;
  return reply;
}

HttpReply status_reply(int status, std::pair<std::string, std::string> header) {
  HttpReply reply = status_reply(status);
  reply.headers.push_back(std::move(header));
  return reply;
}

bool is_inform(const Result<cwmp::Envelope>& message) {
  return message && std::holds_alternative<cwmp::Inform>(message->body);
}

}  // namespace

std::string identity_of(const cwmp::DeviceId& id) {
  return id.product_class.empty() ? fmt::format("{}-{}", id.oui, id.serial_number)
                                  : fmt::format("{}-{}-{}", id.oui, id.product_class, id.serial_number);
}

Hms::Hms(Config config, Now now)
    : config_(std::move(config)), now_(std::move(now)), authenticator_(config_.authentication) {}

HttpReply Hms::handle(const HttpRequest& request) {
  if (config_.measurement_files != nullptr && MeasurementFiles::is_file(request)) return receive(request);
  const Message message = request.body.empty() ? Message(cwmp::Envelope{}) : cwmp::decode(request.body);
  const std::scoped_lock lock(mutex_);
  expire(now_());
  Findings findings;
  HttpReply reply = serve(request, message, findings);
  record(findings, {}, 0);
  return reply;
}

HttpReply Hms::receive(const HttpRequest& request) {
  Findings none;
  if (auto challenge = authenticator_.challenge(request, now_(), none)) {
    return status_reply(401, {"WWW-Authenticate", std::move(*challenge)});
  }
  return config_.measurement_files->receive(request);
}

HttpReply Hms::serve(const HttpRequest& request, const Message& message, Findings& findings) {
  if (request.method != "POST") {
    findings.add(Rule::http_method, fmt::format("{} instead of POST", request.method));
    return status_reply(405, {"Allow", "POST"});
  }
  if (auto challenge = authenticator_.challenge(request, now_(), findings)) {
    return status_reply(401, {"WWW-Authenticate", std::move(*challenge)});
  }
  referee::check_http(request, findings);
  const auto [located, stray] = locate(request, is_inform(message), findings);
  if (stray) return status_reply(400);
  Live* live = located;
  if (live == nullptr) {
    if (sessions_.size() >= kMaxSessions) return status_reply(503, {"Retry-After", std::string(kRetryAfterOverload)});
    live = &open(request);
  }
  if (live->connection != request.connection) {
    cookie_of_connection_.erase(live->connection);
    cookie_of_connection_[request.connection] = live->cookie;
    live->connection = request.connection;
  }
  live->connection_open = true;
  live->last_heard = now_();
  ++live->step;

  const Session::Reply answer = advance(*live, request, message, findings);
  record(findings, live->device, live->session.number());
  HttpReply reply = reply_of(*live, answer);
  if (live->step == 1 && live->session.live()) {
    reply.headers.emplace_back("Set-Cookie", fmt::format("{}={}; Path=/", kCookie, live->cookie));
  }
  settle(*live);
  return reply;
}

Hms::Place Hms::locate(const HttpRequest& request, bool is_inform, Findings& findings) {
  const std::string cookie = cookie_of(request);
  if (!cookie.empty()) {
    const auto found = sessions_.find(cookie);
    if (found != sessions_.end()) return {found->second.get()};
    if (is_inform) {
      findings.add(Rule::cookie_stale, "an Inform returns the cookie of a session that is over");
      return {};
    }
    findings.add(Rule::cookie_unknown, "the cookie belongs to no session");
    return {nullptr, true};
  }
  const auto on_connection = cookie_of_connection_.find(request.connection);
  if (on_connection == cookie_of_connection_.end()) return {};
  Live& live = *sessions_.at(on_connection->second);
  if (is_inform && live.session.state() != Session::State::opening) {
    close(live.cookie, SessionOutcome::failed, "a new Inform came on the same connection");
    return {};
  }
  findings.add(Rule::cookie_missing, "the session's cookie is not returned");
  return {&live};
}

Hms::Live& Hms::open(const HttpRequest& request) {
  auto live = std::make_unique<Live>(++last_session_);
  live->cookie = random_cookie();
  Live& opened = *live;
  opened.connection = request.connection;
  cookie_of_connection_[request.connection] = opened.cookie;
  sessions_.emplace(opened.cookie, std::move(live));
  return opened;
}

Session::Reply Hms::advance(Live& live, const HttpRequest& request, const Message& message, Findings& findings) {
  if (request.body.empty()) return live.session.on_empty_post(findings);
  if (!message) {
    const bool foreign = request.body.find(kCwmpNamespace) == std::string::npos;
    findings.add(foreign ? Rule::namespace_uri : Rule::malformed_soap, message.error().detail);
    return live.session.on_malformed();
  }
  if (is_inform(message) && live.session.state() == Session::State::opening) {
    const auto& inform = std::get<cwmp::Inform>(message->body);
    Decision decision = on_inform(live, inform, request, findings);
    Session::Reply reply = live.session.on_inform(*message, std::move(decision), findings);
    begin_record(live, request);
    return reply;
  }
  Session::Reply reply = live.session.on_message(*message, findings);
  note_exchanges(live);
  return reply;
}

HttpReply Hms::reply_of(Live& live, Session::Reply answer) {
  const auto script = script_.take(live.inform.device_id.serial_number, live.device_session, live.step);
  for (const Misbehaviour& how : script) {
    if (how.kind == Misbehaviour::Kind::hold_requests) live.session.hold_requests(answer);
    if (how.kind != Misbehaviour::Kind::fault || !answer.envelope) continue;
    answer.envelope->body = cwmp::Fault{"Server", how.code, how.text, {}};
    if (how.code == kRetryRequest && live.step == 1) {
      live.session.reopen();
    } else {
      live.session.fail();
    }
    live.detail = fmt::format("the script answered fault {}", how.code);
  }
  HttpReply reply = status_reply(answer.status);
  if (answer.envelope) {
    reply.body = cwmp::encode(*answer.envelope);
    reply.headers.emplace_back("Content-Type", "text/xml; charset=\"utf-8\"");
  }
  for (const Misbehaviour& how : script) disturb(live, how, reply);
  return reply;
}

void Hms::disturb(Live& live, const Misbehaviour& how, HttpReply& reply) {
  const auto instead = [&](int status, std::string body, std::string_view detail) {
    reply = status_reply(status);
    reply.body = std::move(body);
    live.session.fail();
    live.detail = detail;
  };
  switch (how.kind) {
    case Misbehaviour::Kind::drop:
      instead(0, {}, "the script dropped the connection");
      reply.ending = HttpReply::Ending::drop;
      break;
    case Misbehaviour::Kind::empty_ok:
      instead(200, {}, "the script answered an empty 200");
      break;
    case Misbehaviour::Kind::status:
      instead(how.code, {}, "the script answered another status");
      if (!how.text.empty()) reply.headers.emplace_back("Retry-After", how.text);
      break;
    case Misbehaviour::Kind::malformed_xml:
      instead(200, reply.body.substr(0, reply.body.size() / 2), "the script answered malformed XML");
      reply.headers.emplace_back("Content-Type", "text/xml");
      break;
    case Misbehaviour::Kind::body:
      instead(200, how.text, "the script answered a body of its own");
      reply.headers.emplace_back("Content-Type", "text/xml");
      break;
    case Misbehaviour::Kind::close:
      reply.ending = HttpReply::Ending::close;
      break;
    case Misbehaviour::Kind::chunked:
      reply.chunked = true;
      break;
    case Misbehaviour::Kind::delay:
      reply.delay = how.delay;
      break;
    case Misbehaviour::Kind::fault:
    case Misbehaviour::Kind::hold_requests:
      break;  // in the envelope already
  }
}

}  // namespace hnbemu::hms
