#include "device/udp_connection_requests.h"

#include <charconv>
#include <random>

namespace hnbemu::device {
namespace {

constexpr procedures::Step kBinding{"G.2.1.1", "TR-069 Annex G", "the binding for UDP connection requests"};
constexpr std::uint64_t kMostSeconds = 7UL * 24 * 3600;  // of a period; more is as good as this

std::uint64_t number_of(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Seconds seconds_of(const std::string& text) {
  return Seconds(std::min(number_of(text), kMostSeconds));
}

}  // namespace

UdpConnectionRequests::UdpConnectionRequests(boost::asio::any_io_executor executor, procedures::Context& context,
                                             Taker taker)
    : context_(context), clock_(context.ports.clock), taker_(std::move(taker)), wake_(std::move(executor)) {
  // A source, so that only announce() notifies of it: UDPConnectionRequestAddressNotificationLimit.
  const auto path = context.profile.path("udp_connection_request_address");
  if (!path.empty()) context.model.set_source(path, [this] { return address_; });
}

void UdpConnectionRequests::serve(const procedures::Service& service) {
  service_ = service;
  wake_.push({});
}

void UdpConnectionRequests::leave() {
  service_.reset();
  wake_.push({});
}

std::optional<UdpConnectionRequests::Settings> UdpConnectionRequests::wanted() const {
  if (!service_ || context_.value_of("stun_enable") != "true") return std::nullopt;
  Settings settings;
  settings.plane = service_->path.plane;
  settings.source = service_->path.source;
  settings.host = context_.value_of("stun_server_address");
  if (settings.host.empty()) settings.host = service_->hms.host;  // G.2.1.1
  const auto port = number_of(context_.value_of("stun_server_port"));
  settings.port = port == 0 ? stun::kDefaultPort : static_cast<std::uint16_t>(port);
  auto& client = settings.client;
  client.username = context_.value_of("stun_username");
  client.password = context_.value_of("stun_password");
  client.minimum = seconds_of(context_.value_of("stun_minimum_keep_alive_period"));
  const auto maximum = context_.value_of("stun_maximum_keep_alive_period");
  if (!maximum.empty() && !maximum.starts_with('-')) client.maximum = seconds_of(maximum);
  return settings;
}

Task<void> UdpConnectionRequests::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!stopping()) {
    const auto settings = wanted();
    if (settings != settings_) {
      close();
      if (settings) {
        auto opening = open(*settings);
        const auto opened = co_await std::move(opening);
        if (!opened) report(opened);
      }
    }
    if (client_) {
      co_await exchange();
    } else {
      const auto retry = settings ? clock_.now() + kStunRetry : Deadline::max();
      co_await wake_.pop(clock_, retry);
    }
  }
  close();
}

Task<Result<IpAddress>> UdpConnectionRequests::server_address(std::string host) {
  if (const auto literal = IpAddress::parse(host)) co_return *literal;
  if (host == service_->hms.host && !service_->hms_addresses.empty()) co_return service_->hms_addresses.front();
  const auto& hosts = context_.surroundings.hosts;
  if (const auto known = hosts.find(host); known != hosts.end()) co_return known->second;
  const auto deadline = clock_.now() + procedures::Deadlines::dns;
  auto addresses = co_await context_.ports.resolver.resolve(std::move(host), path_, deadline);
  if (!addresses) co_return tl::unexpected(addresses.error());
  co_return addresses->front();
}

Task<Result<>> UdpConnectionRequests::open(Settings settings) {
  path_ = service_->path;
  auto finding = server_address(settings.host);
  const auto address = co_await std::move(finding);
  if (!address) co_return tl::unexpected(address.error());
  if (wanted() != settings) co_return Result<>{};  // changed meanwhile: again from the beginning
  auto socket = context_.ports.udp.open(path_, {.port = kUdpConnectionRequestPort});
  if (!socket) co_return tl::unexpected(socket.error());
  primary_ = std::move(*socket);
  server_ = {*address, settings.port};
  auto client = settings.client;
  client.local = {path_.source, primary_->port()};
  client.server = server_;
  client_.emplace(std::move(client), context_.ports.crypto, [] { return std::random_device{}(); });
  settings_ = std::move(settings);
  co_return Result<>{};
}

// No receive() is under way.
void UdpConnectionRequests::close() {
  settings_.reset();
  client_.reset();
  primary_.reset();
  secondary_.reset();
  show();
}

Task<void> UdpConnectionRequests::exchange() {
  using namespace boost::asio::experimental::awaitable_operators;
  send(client_->advance(clock_.now()));
  show();
  announce();
  const auto until = std::min(client_->next(), announcement_due());
  bool usable = true;
  if (secondary_) {
    const auto first = co_await (primary_->receive(until) || secondary_->receive(until) || wake_.pop(clock_, until));
    if (first.index() == 0) usable = received(stun::Port::primary, std::get<0>(first));
    if (first.index() == 1) usable = received(stun::Port::secondary, std::get<1>(first));
  } else {
    const auto first = co_await (primary_->receive(until) || wake_.pop(clock_, until));
    if (first.index() == 0) usable = received(stun::Port::primary, std::get<0>(first));
  }
  if (usable) co_return;
  close();
  const auto retry = clock_.now() + kStunRetry;
  co_await wake_.pop(clock_, retry);
}

// False if the socket is of no more use.
bool UdpConnectionRequests::received(stun::Port port, const Result<Datagram>& datagram) {
  if (!datagram) return datagram.error().cause == Cause::timeout || datagram.error().cause == Cause::cancelled;
  const bool is_request = port == stun::Port::primary && datagram->bytes.starts_with("GET ");
  if (!is_request) {
    send(client_->receive(port, datagram->peer, datagram->bytes, clock_.now()));
    return true;
  }
  // A request that cannot be obeyed now may come again: it does not count as seen.
  if (taker_.ready() &&
      check_.accepts(datagram->bytes, context_.ports.crypto, context_.value_of("connection_request_username"),
                     context_.value_of("connection_request_password"))) {
    taker_.requested();
  }
  return true;
}

// What cannot be sent is as good as lost on the way: it comes again.
void UdpConnectionRequests::send(const std::optional<stun::Outgoing>& out) {
  if (!client_->needs_secondary()) secondary_.reset();
  if (!out) return;
  if (out->port == stun::Port::primary) {
    static_cast<void>(primary_->send(server_, out->bytes));
    return;
  }
  if (!secondary_) {
    auto socket = context_.ports.udp.open(path_, {});
    if (!socket) return report(tl::unexpected(socket.error()));
    secondary_ = std::move(*socket);
  }
  static_cast<void>(secondary_->send(server_, out->bytes));
}

void UdpConnectionRequests::report(const Result<>& outcome) {
  auto told = outcome ? address_ : outcome.error().detail;
  if (std::exchange(reported_, told) == told) return;
  if (outcome) {
    context_.steps.record(kBinding, Millis{0});
  } else {
    context_.steps.record(kBinding, Millis{0}, outcome.error());
  }
}

// Into the data model, as far as it is new.
void UdpConnectionRequests::show() {
  const auto binding = client_ ? client_->binding() : std::nullopt;
  auto address = binding ? binding->to_string() : "";
  context_.set_value_of("nat_detected", client_ && client_->nat_detected() ? "1" : "0");
  const bool changed = std::exchange(address_, address) != address;
  if (client_ && !client_->failure().empty()) report(fail(Cause::timeout, client_->failure()));
  if (client_ && client_->failure().empty() && binding) report({});
  if (!changed || address.empty()) return;
  const auto path = context_.profile.path("udp_connection_request_address");
  const auto level = context_.model.notification(path);
  if (level > 0) context_.notifications.note(std::string(path), false);  // with the next Inform, whenever that is
  announce_ = level > 1;
}

// Active notification, no more often than UDPConnectionRequestAddressNotificationLimit allows; not of what an Inform
// has told meanwhile.
void UdpConnectionRequests::announce() {
  if (announcement_due() > clock_.now()) return;
  announce_ = false;
  const std::string path(context_.profile.path("udp_connection_request_address"));
  if (!context_.notifications.waits_for(path)) return;
  announced_ = clock_.now();
  context_.notifications.note(path, true);
}

Deadline UdpConnectionRequests::announcement_due() const {
  if (!announce_) return Deadline::max();
  if (announced_ == Deadline::min()) return announced_;
  return announced_ + seconds_of(context_.value_of("udp_connection_request_address_notification_limit"));
}

}  // namespace hnbemu::device
