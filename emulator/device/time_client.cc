#include "device/time_client.h"

#include "procedures/causes.h"
#include "procedures/local_time.h"

namespace hnbemu::device {
namespace {

using sntp::Refusal;
using Judgement = tl::expected<sntp::Sample, Refusal>;

constexpr unsigned kServers = 5;  // Time.NTPServer1 to NTPServer5
constexpr procedures::Step kAsk{"5", "RFC 4330", "time by NTP"};

std::string_view status_text(sntp::Status status) {
  switch (status) {
    case sntp::Status::unsynchronised:
      return "Unsynchronized";
    case sntp::Status::synchronised:
      return "Synchronized";
    case sntp::Status::failed:
      return "Error_FailedToSynchronize";
  }
  return "";
}

}  // namespace

TimeClient::TimeClient(boost::asio::any_io_executor executor, procedures::Context& context)
    : context_(context),
      clock_(context.ports.clock),
      object_(procedures::time_object(context.profile)),
      schedule_(context.random),
      wake_(std::move(executor)) {}

Task<void> TimeClient::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!stopping()) {
    if (path() && schedule_.due() <= clock_.now()) {
      co_await ask();
    } else {
      co_await wake_.pop(clock_, path() ? schedule_.due() : Deadline::max());
    }
  }
}

void TimeClient::power_up() {
  powered_ = true;
  clock_.set_offset({});  // of a clock without a battery; what nobody measures is right
  factory_status_ = context_.model.value(object_ + "Status").value_or("");
  follow();
}

void TimeClient::power_down() {
  powered_ = false;
  service_.reset();
  if (std::exchange(shown_, false)) context_.model.update(object_ + "Status", factory_status_);
  follow();
}

void TimeClient::serve(const procedures::Service& service) {
  service_ = service.path;
  follow();
}

void TimeClient::leave() {
  service_.reset();
}

void TimeClient::follow() {
  settle();
  wake_.push({});
}

std::vector<std::string> TimeClient::configured() const {
  std::vector<std::string> servers;
  if (object_.empty() || !powered_ || context_.model.value(object_ + "Enable") == "false") return servers;
  for (unsigned i = 1; i <= kServers; ++i) {
    auto server = context_.model.value(fmt::format("{}NTPServer{}", object_, i)).value_or("");
    if (!server.empty()) servers.push_back(std::move(server));
  }
  return servers;
}

// TS 32.583 5.1: before its tunnel is there a femtocell says nothing to the access network but DNS and IKE.
std::optional<Path> TimeClient::path() const {
  if (service_) return service_;
  const auto& factory = context_.factory;
  const bool has_segw =
      !factory.initial_segw.empty() || !factory.serving_segw.empty() || !context_.value_of("serving_segw").empty();
  if (has_segw || context_.outer.source.is_unspecified()) return std::nullopt;
  return context_.outer;
}

void TimeClient::settle() {
  auto servers = configured();
  if (servers != servers_) {
    servers_ = servers;
    ++turn_;
    schedule_.begin(std::move(servers), clock_.now());
    context_.has_time_client = !servers_.empty();
  }
  show();
}

void TimeClient::show() {
  if (object_.empty() || !powered_) return;
  const bool disabled = context_.model.value(object_ + "Enable") == "false";
  const bool own = disabled || context_.has_time_client;
  if (!own && !shown_) return;
  shown_ = own;
  const auto status = schedule_.status(clock_.now());
  if (own && !disabled && status == sntp::Status::failed) {
    procedures::raise_cause(context_, "time_not_in_sync", "no NTP server has given the time");
  } else if (!own || disabled || status == sntp::Status::synchronised) {
    procedures::clear_cause(context_, "time_not_in_sync");
  }
  context_.model.update(object_ + "Status", disabled ? "Disabled" : own ? status_text(status) : factory_status_);
}

Task<void> TimeClient::ask() {
  const auto turn = turn_;
  const auto way = path();
  const auto server = schedule_.server();
  auto measured = measure(server, *way);
  const auto judgement = co_await std::move(measured);
  if (stopping() || turn != turn_) co_return;
  if (judgement) {
    schedule_.answered(clock_.now());
    context_.knows_time = true;
    set_clock(judgement->offset);
  } else {
    schedule_.refused(judgement.error(), clock_.now());
    Error error{Cause::network, fmt::format("'{}': {}", server, sntp::to_string(judgement.error()))};
    context_.steps.record(kAsk, Millis{0}, std::move(error));
  }
  show();
}

Task<Judgement> TimeClient::measure(std::string server, Path path) {
  const auto until = clock_.now() + sntp::Schedule::kAnswerTime;
  std::optional<IpAddress> address = IpAddress::parse(server);
  if (const auto known = context_.surroundings.hosts.find(server); known != context_.surroundings.hosts.end()) {
    address = known->second;
  }
  if (!address) {
    const auto found = co_await context_.ports.resolver.resolve(server, path, until);
    if (!found) co_return tl::unexpected(Refusal::silent);
    address = found->front();
  }
  const UdpOptions options{};
  const auto socket = context_.ports.udp.open(path, options);
  if (!socket) co_return tl::unexpected(Refusal::silent);
  const sntp::Timestamp nonce = context_.random();
  const UdpEndpoint to{*address, sntp::kPort};
  const auto sent_at = clock_.wall_now() - clock_.offset();  // by the machine's own clock
  if (const auto sent = (*socket)->send(to, sntp::request(nonce)); !sent) co_return tl::unexpected(Refusal::silent);
  while (true) {
    const auto datagram = co_await (*socket)->receive(until);
    if (!datagram) co_return tl::unexpected(Refusal::silent);
    const auto received_at = clock_.wall_now() - clock_.offset();
    if (datagram->peer != to) continue;
    const auto judgement = sntp::judge(datagram->bytes, nonce, sent_at, received_at);
    if (judgement || judgement.error() != Refusal::foreign) co_return judgement;
  }
}

void TimeClient::set_clock(std::chrono::microseconds offset) {
  const auto step = offset - clock_.offset();
  clock_.set_offset(offset);
  if (std::chrono::abs(step) > kSmallStep && stepped_) stepped_(step);
}

}  // namespace hnbemu::device
