#include "stun/client.h"

#include <algorithm>

namespace hnbemu::stun {
namespace {

constexpr unsigned kUnauthorized = 401;
constexpr Seconds kResolution{1};
constexpr int kFineness = 8;  // a period is found to an eighth of it

Seconds floor_of(const ClientSettings& settings) {
  if (settings.minimum > Seconds{0}) return settings.minimum;
  return std::max(std::min(kDefaultMinimum, settings.maximum.value_or(kDefaultMinimum)), kShortestPeriod);
}

}  // namespace

Client::Client(ClientSettings settings, const Crypto& crypto, std::function<std::uint32_t()> random)
    : settings_(std::move(settings)), crypto_(crypto), random_(std::move(random)) {
  begin_search();
}

void Client::begin_search() {
  lower_ = floor_of(settings_);
  upper_ = std::max(lower_, settings_.maximum.value_or(kDefaultMaximum));
  searching_ = upper_ > lower_;
  expired_ = false;
  probe_next_ = false;
}

// Doubled until it fails once, then halved: what is tried costs the device's reach, if it is too long.
Seconds Client::candidate() const {
  return expired_ ? lower_ + (upper_ - lower_) / 2 : std::min(lower_ * 2, upper_);
}

void Client::learn(bool stood) {
  (stood ? lower_ : upper_) = candidate();
  expired_ = expired_ || !stood;
  const auto gap = expired_ ? std::max(kResolution, lower_ / kFineness) : Seconds{0};
  searching_ = upper_ - lower_ > gap;
}

std::optional<Outgoing> Client::advance(Deadline now) {
  if (now < next_) return std::nullopt;
  if (transaction_) return time_out(now);
  announcements_ = 0;
  const bool probe = std::exchange(probe_next_, false);
  return begin(probe ? Kind::probe : Kind::bind, now);
}

TransactionId Client::new_id() {
  TransactionId id{};
  std::copy(kMagicCookie.begin(), kMagicCookie.end(), id.begin());
  for (std::size_t i = kMagicCookie.size(); i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(random_());
  return id;
}

// G.2.1.1 and G.2.1.3: each request from the primary socket says which binding it is about, and whose; those that only
// search do not.
Outgoing Client::begin(Kind kind, Deadline now) {
  Transaction transaction;
  transaction.kind = kind;
  auto& message = transaction.message;
  message.id = new_id();
  if (kind == Kind::probe) {
    message.response_address = binding_;
  } else {
    message.connection_request_binding = true;
    message.binding_change = kind == Kind::announce;
    message.username = settings_.username;
  }
  transaction_ = std::move(transaction);
  return send(now);
}

Outgoing Client::send(Deadline now) {
  auto& transaction = *transaction_;
  const auto limit = transaction.kind == Kind::probe ? kMaxProbeSends : kMaxSends;
  ++transaction.sends;
  const bool last = transaction.sends == limit && transaction.kind != Kind::probe;
  next_ = now + kFirstRetransmission * (last ? kLastWait : 1U << (transaction.sends - 1));
  const auto port = transaction.kind == Kind::probe ? Port::secondary : Port::primary;
  return {port, encode(transaction.message, crypto_, transaction.key)};
}

std::optional<Outgoing> Client::time_out(Deadline now) {
  const bool probe = transaction_->kind == Kind::probe;
  if (transaction_->sends < (probe ? kMaxProbeSends : kMaxSends)) return send(now);
  if (probe) {
    learn(false);
    lost_ = true;
    return begin(Kind::bind, now);  // the binding is gone: a new one at once
  }
  fail("the STUN server does not answer", now);
  return std::nullopt;
}

std::optional<Outgoing> Client::receive(Port port, const UdpEndpoint& from, std::string_view bytes, Deadline now) {
  if (!transaction_ || from != settings_.server) return std::nullopt;
  const auto message = decode(bytes);
  if (!message || message->id != transaction_->message.id) return std::nullopt;
  const bool probe = transaction_->kind == Kind::probe;
  if (message->type == Type::binding_error) return on_error(*message, now);
  if (message->type != Type::binding_response) return std::nullopt;
  // G.2.1.1: what is not protected as the request was does not count.
  if (!transaction_->key.empty() && integrity_of(bytes, crypto_, transaction_->key) != Integrity::right) {
    return std::nullopt;
  }
  if (probe) {
    if (port == Port::primary) {
      learn(true);
    } else {
      searching_ = false;  // it ignores RESPONSE-ADDRESS
    }
    return begin(Kind::bind, now);
  }
  if (port != Port::primary || !message->mapped) return std::nullopt;
  return bound(*message->mapped, now);
}

// G.2.1.3: that the binding is another, or the first, is announced at once.
std::optional<Outgoing> Client::bound(const UdpEndpoint& mapped, Deadline now) {
  failure_.clear();
  const bool changed = binding_ != mapped;
  const bool unexpected = changed && binding_ && !std::exchange(lost_, false);
  binding_ = mapped;
  if (unexpected && !searching_) begin_search();
  if (changed && announcements_ < kMaxAnnouncements) {
    ++announcements_;
    return begin(Kind::announce, now);
  }
  rest(now);
  return std::nullopt;
}

void Client::rest(Deadline now) {
  transaction_.reset();
  probe_next_ = searching_ && nat_detected() && failure_.empty();
  next_ = now + (probe_next_ ? candidate() : lower_);
}

void Client::fail(std::string why, Deadline now) {
  failure_ = std::move(why);
  rest(now);
  next_ = std::max(next_, now + kRestAfterFailure);
}

std::optional<Outgoing> Client::on_error(const Message& error, Deadline now) {
  const auto code = error.error ? error.error->code : 0;
  const bool challenged = code == kUnauthorized && transaction_->key.empty();
  if (challenged && !settings_.username.empty() && !settings_.password.empty()) return authenticate(error, now);
  if (transaction_->kind == Kind::probe) {
    searching_ = false;  // as with 420: it will not do what RESPONSE-ADDRESS asks
    return begin(Kind::bind, now);
  }
  fail(fmt::format("the STUN server answers {} {}", code, error.error ? error.error->reason : ""), now);
  return std::nullopt;
}

// G.2.1.1; a server of RFC 5389 that names a realm wants long-term credentials.
std::optional<Outgoing> Client::authenticate(const Message& error, Deadline now) {
  auto& transaction = *transaction_;
  transaction.message.id = new_id();
  transaction.message.username = settings_.username;
  transaction.message.realm = error.realm;
  transaction.message.nonce = error.nonce;
  transaction.key = error.realm.empty() ? short_term_key(settings_.password)
                                        : long_term_key(crypto_, settings_.username, error.realm, settings_.password);
  transaction.sends = 0;
  return send(now);
}

}  // namespace hnbemu::stun
