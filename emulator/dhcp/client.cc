#include "dhcp/client.h"

#include <algorithm>
#include <bit>

namespace hnbemu::dhcp {
namespace {

constexpr std::uint32_t kInfinite = 0xffffffff;
constexpr std::uint16_t kMaxSeconds = 0xffff;
const IpAddress kBroadcast = IpAddress::v4(0xffffffff);
constexpr std::array<std::uint8_t, 9> kRequested{
    option::subnet_mask,     option::router,          option::dns_servers,
    option::vendor_specific, option::lease_time,      option::renewal_time,
    option::rebinding_time,  option::vi_vendor_class, option::vi_vendor_specific};

// Class D and E, 0/8 and 127/8 are nobody's.
bool is_host(const IpAddress& address) {
  const auto value = address.to_v4();
  const auto first = value >> 24;
  return first != 0 && first != 127 && first < 224;
}

// Contiguous ones only; without a mask the address stands alone.
unsigned length_of(const std::optional<std::uint32_t>& mask) {
  if (!mask || *mask == 0) return 32;
  const auto ones = static_cast<unsigned>(std::countl_one(*mask));
  return ones == static_cast<unsigned>(std::popcount(*mask)) ? ones : 32;
}

}  // namespace

std::string Client::requested_options() {
  return {kRequested.begin(), kRequested.end()};
}

std::map<std::uint8_t, std::string> Client::sent_options() const {
  std::map<std::uint8_t, std::string> options;
  options[option::vendor_class] = kCwmpClass;
  options[option::vi_vendor_class] = cwmp_vi_class();
  options[option::client_identifier] =
      '\1' + std::string(reinterpret_cast<const char*>(identity_.hardware.data()), identity_.hardware.size());
  if (!identity_.host_name.empty()) options[option::host_name] = identity_.host_name;
  return options;
}

Message Client::message(Kind kind, Deadline now) const {
  Message message;
  message.kind = kind;
  message.transaction = transaction_;
  const auto since = std::chrono::duration_cast<Seconds>(now - began_).count();
  message.seconds = static_cast<std::uint16_t>(std::clamp<std::int64_t>(since, 0, kMaxSeconds));
  message.hardware = identity_.hardware;
  message.options = sent_options();
  message.options[option::parameter_list] = requested_options();
  message.options[option::max_message_size] = {static_cast<char>(kMaxMessageBytes >> 8),
                                               static_cast<char>(kMaxMessageBytes & 0xff)};
  return message;
}

// The answer is wanted by broadcast: a server that may answer the address it has just given would have to learn the
// hardware address, which takes room in the ARP table of the host that it runs on.
Client::Outgoing Client::broadcast(const Message& message) const {
  auto out = message;
  out.broadcast = true;
  return {encode(out), {}, kBroadcast};
}

void Client::start(Deadline now) {
  lease_.reset();
  state_ = State::selecting;
  due_ = now;
  began_ = now;
  transaction_ = 0;
}

void Client::stop() {
  state_ = State::stopped;
  due_ = Deadline::max();
  lease_.reset();
}

void Client::renew(Deadline now) {
  if (state_ == State::bound) due_ = now;
}

// RFC 2131 4.1: doubled each time, less or more by up to a second.
Seconds Client::retransmission() {
  const auto wait = std::min(kFirstRetransmission * (1 << std::min(tries_, 4U)), kMaxRetransmission);
  ++tries_;
  return wait + Seconds{static_cast<std::int64_t>(random_() % 3) - 1};
}

Client::Step Client::begin(Deadline now) {
  if (transaction_ == 0) {
    tries_ = 0;
    began_ = now;
    transaction_ = static_cast<std::uint32_t>(random_());
  }
  due_ = now + retransmission();
  return {broadcast(message(Kind::discover, now)), Event::none};
}

// For what was offered, or for the lease that stands.
Client::Step Client::ask(Deadline now) {
  auto request = message(Kind::request, now);
  if (state_ == State::requesting) {
    request.options[option::requested_address] = to_option(offered_);
    request.options[option::server] = to_option(server_);
    due_ = now + retransmission();
    return {broadcast(request), Event::none};
  }
  const auto address = lease_->address.address;
  request.client = address;
  const auto limit = state_ == State::renewing ? lease_->rebind : lease_->expires;
  due_ = std::min(limit, now + std::max<Deadline::duration>((limit - now) / 2, kMinRenewal));
  const auto to = state_ == State::renewing ? lease_->server : kBroadcast;
  return {Outgoing{encode(request), address, to}, Event::none};
}

// What there was is gone; a new lease is looked for.
Client::Step Client::lose(Deadline now, Seconds pause) {
  const bool had = lease_.has_value();
  lease_.reset();
  state_ = State::selecting;
  transaction_ = 0;
  due_ = now + pause;
  return {std::nullopt, had ? Event::lost : Event::none};
}

Client::Step Client::advance(Deadline now) {
  if (now < due_) return {};
  switch (state_) {
    case State::stopped:
      break;
    case State::selecting:
      return begin(now);
    case State::requesting:
      if (tries_ > kMaxRequests) return lose(now, Seconds{0});
      return ask(now);
    case State::bound:
      began_ = now;
      transaction_ = static_cast<std::uint32_t>(random_());
      state_ = State::renewing;
      return ask(now);
    case State::renewing:
    case State::rebinding:
      if (now >= lease_->expires) return lose(now, Seconds{0});
      if (now >= lease_->rebind) state_ = State::rebinding;
      return ask(now);
  }
  return {};
}

bool Client::is_for_me(const Message& message) const {
  return message.reply && transaction_ != 0 && message.transaction == transaction_ &&
         message.hardware == identity_.hardware;
}

Client::Step Client::receive(std::string_view bytes, Deadline now) {
  if (!listening()) return {};
  const auto message = parse(bytes);
  if (!message || !is_for_me(*message)) return {};
  const auto server = message->address(option::server);
  if (state_ == State::selecting) {
    if (message->kind != Kind::offer || !server || !is_host(message->yours)) return {};
    offered_ = message->yours;
    server_ = *server;
    state_ = State::requesting;
    tries_ = 0;
    return ask(now);
  }
  if (state_ == State::requesting && server != server_) return {};
  if (message->kind == Kind::nak) return lose(now, kAfterNak);
  return message->kind == Kind::ack ? accept(*message, now) : Step{};
}

Client::Step Client::accept(const Message& ack, Deadline now) {
  const auto seconds = ack.number(option::lease_time);
  const bool moved = lease_ && ack.yours != lease_->address.address;
  if (!seconds || Seconds{*seconds} < kMinLease || !is_host(ack.yours) || moved) return {};
  Lease lease;
  const auto routers = ack.addresses(option::router);
  lease.address = {ack.yours, length_of(ack.number(option::subnet_mask))};
  lease.router = routers.empty() ? IpAddress{} : routers.front();
  lease.server = ack.address(option::server).value_or(lease_ ? lease_->server : server_);
  lease.dns_servers = ack.addresses(option::dns_servers);
  lease.acs = acs_options(ack);
  lease.options = ack.options;
  if (*seconds == kInfinite) {
    lease.renew = lease.rebind = lease.expires = Deadline::max();
  } else {
    // RFC 2131 4.4.5; what a server says that is not in this order is not believed.
    auto t1 = Seconds{ack.number(option::renewal_time).value_or(*seconds / 2)};
    auto t2 = Seconds{ack.number(option::rebinding_time).value_or(*seconds / 8 * 7)};
    if (t1 >= t2 || t2 >= Seconds{*seconds} || t1 < Seconds{1}) {
      t1 = Seconds{*seconds / 2};
      t2 = Seconds{*seconds / 8 * 7};
    }
    lease.renew = now + t1;
    lease.rebind = now + t2;
    lease.expires = now + Seconds{*seconds};
  }
  const auto event = lease_ ? Event::renewed : Event::bound;
  lease_ = std::move(lease);
  state_ = State::bound;
  due_ = lease_->renew;
  return {std::nullopt, event};
}

std::string_view to_string(Client::State state) {
  switch (state) {
    case Client::State::stopped:
      return "Init";
    case Client::State::selecting:
      return "Selecting";
    case Client::State::requesting:
      return "Requesting";
    case Client::State::bound:
      return "Bound";
    case Client::State::renewing:
      return "Renewing";
    case Client::State::rebinding:
      return "Rebinding";
  }
  return "";
}

}  // namespace hnbemu::dhcp
