#include "fleet/stun_service.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <random>

#include "adapters/udp/device_udp.h"
#include "httpauth/hmac.h"
#include "stun/connection_request.h"

namespace hnbemu::fleet {
namespace {

constexpr stun::Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};

// "host:port", or "host" with port 80 (TR-181).
std::optional<UdpEndpoint> endpoint_of(std::string_view authority) {
  const auto colon = std::min(authority.find(':'), authority.size());
  const auto address = IpAddress::parse(authority.substr(0, colon));
  if (!address) return std::nullopt;
  std::uint16_t port = 80;
  if (colon < authority.size()) {
    const auto* const end = authority.data() + authority.size();
    const auto read = std::from_chars(authority.data() + colon + 1, end, port);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  }
  return UdpEndpoint{*address, port};
}

}  // namespace

StunService::StunService() : server_(kCrypto) {}

Result<std::unique_ptr<StunService>> StunService::open(lab::Lab& lab) {
  std::unique_ptr<StunService> service(new StunService);
  for (const bool in_core : {false, true}) {
    auto socket = service->listen(lab, in_core);
    if (!socket) return tl::unexpected(socket.error());
    auto& place = in_core ? service->core_ : service->wan_;
    place = std::move(*socket);
    boost::asio::co_spawn(service->io_, service->serve(*place), boost::asio::detached);
  }
  service->thread_ = std::thread([&io = service->io_] { io.run(); });
  return service;
}

Result<std::unique_ptr<UdpSocket>> StunService::listen(lab::Lab& lab, bool in_core) {
  const auto address = in_core ? lab.addresses().stun_in_core() : lab.addresses().stun_in_wan();
  if (auto added = lab.add_host(in_core, address); !added) return tl::unexpected(added.error());
  udp::DeviceUdp udp(io_.get_executor(), in_core ? lab.core() : lab.wan());
  return udp.open(Path{Plane::inner, address, {}}, {.port = stun::kDefaultPort});
}

StunService::~StunService() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

Task<void> StunService::serve(UdpSocket& socket) {
  while (true) {
    const auto datagram = co_await socket.receive(Deadline::max());
    if (!datagram) co_return;
    const auto reply = server_.receive(datagram->peer, datagram->bytes);
    if (reply) static_cast<void>(socket.send(reply->to, reply->bytes));
  }
}

Result<> StunService::request(const Request& request) {
  const auto to = endpoint_of(request.address);
  if (!to) {
    return fail(Cause::configuration,
                request.address.empty()
                    ? "it has no UDPConnectionRequestAddress: STUNEnable is false, or no STUN server has answered yet"
                    : fmt::format("UDPConnectionRequestAddress '{}' is no address", request.address));
  }
  stun::ConnectionRequest message;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto second = static_cast<std::uint64_t>(std::chrono::duration_cast<Seconds>(now).count());
  auto last = last_timestamp_.load();
  do {
    message.timestamp = std::max(second, last + 1);  // G.2.1.4: each is later than the one before
  } while (!last_timestamp_.compare_exchange_weak(last, message.timestamp));
  std::random_device entropy;
  message.id = fmt::to_string(message.timestamp);
  message.username = request.username;
  message.cnonce = fmt::format("{:08x}{:08x}", entropy(), entropy());
  const auto datagram = stun::to_datagram(std::move(message), request.address, kCrypto, request.password);
  auto& socket = request.over_core ? *core_ : *wan_;
  for (int i = 0; i < kCopies; ++i) {
    if (auto sent = socket.send(*to, datagram); !sent) return sent;
  }
  return {};
}

}  // namespace hnbemu::fleet
