#include "netns/home_gateway.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <thread>

#include "adapters/udp/device_udp.h"
#include "httpauth/hmac.h"
#include "integration/support/network.h"
#include "netns/point_to_point.h"
#include "netns/process.h"
#include "stun/client.h"
#include "stun/server.h"

namespace hnbemu {
namespace {

using netns::ip;
using netns::must;
using netns::Namespace;

constexpr stun::Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};
constexpr const char* kTurnserver = "/usr/bin/turnserver";
constexpr Seconds kPatience{60};

// wan 198.18.0.2 - gateway 198.18.0.3, 192.168.1.2 - home 192.168.1.3.
class HomeGatewayTest : public netns::NamespaceTest {
 protected:
  void build(std::chrono::seconds lifetime) {
    must(netns::connect({&wan_link, &wan, "g", ip("198.18.0.2")},
                        {&gateway_link, &gateway, "wan", ip("198.18.0.3"), true}));
    must(netns::connect({&gateway_link, &gateway, "lan", ip("192.168.1.2"), true},
                        {&home_link, &home, "wan", ip("192.168.1.3")}));
    must(home_link.add_route({Prefix{}, ip("192.168.1.2"), "wan"}));
    must(netns::make_home_gateway(gateway, {"wan", "lan", lifetime}));
  }
  std::unique_ptr<UdpSocket> open(const Namespace& where, const char* address, std::uint16_t port = 0) {
    udp::DeviceUdp udp(io.get_executor(), where);
    return must(udp.open(Path{Plane::inner, ip(address), {}}, {.port = port}));
  }
  Result<Datagram> receive(UdpSocket& socket, Millis patience) {
    std::optional<Result<Datagram>> result;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    boost::asio::co_spawn(io, socket.receive(deadline),
                          [&](const std::exception_ptr&, Result<Datagram> value) { result = std::move(value); });
    while (!result) {
      io.restart();
      io.run_one();
    }
    return std::move(*result);
  }
  // The client at work until `done`, or for kPatience.
  bool run(stun::Client& client, const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!done() && std::chrono::steady_clock::now() < end) {
      auto out = client.advance(std::chrono::steady_clock::now());
      while (out) {
        auto& from = out->port == stun::Port::primary ? *primary : *secondary;
        must(from.send(kServer, out->bytes));
        out.reset();
        for (const auto port : {stun::Port::primary, stun::Port::secondary}) {
          auto& to = port == stun::Port::primary ? *primary : *secondary;
          const auto got = receive(to, Millis{200});
          if (got && !out) out = client.receive(port, got->peer, got->bytes, std::chrono::steady_clock::now());
        }
      }
      if (done()) break;
      const auto got = receive(*primary, Millis{50});
      if (got) client.receive(stun::Port::primary, got->peer, got->bytes, std::chrono::steady_clock::now());
    }
    return done();
  }
  stun::Client client(Seconds minimum, Seconds maximum) {
    return {{{ip("192.168.1.3"), primary->port()}, kServer, "cpe", "secret", minimum, maximum}, kCrypto, [this] {
              return ++random;
            }};
  }
  // Of ours, on a thread of its own until the test ends.
  void serve() {
    server_fd = netns::udp_bound(wan, "198.18.0.2", 3478);
    server_thread = std::thread([this] {
      while (!ended) {
        pollfd waiting{server_fd.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 50) > 0) answer();
      }
    });
  }
  void answer() {
    std::string bytes(stun::kMaxMessageBytes, '\0');
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto got =
        ::recvfrom(server_fd.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0) return;
    bytes.resize(static_cast<std::size_t>(got));
    const UdpEndpoint peer{IpAddress::v4(ntohl(from.sin_addr.s_addr)), ntohs(from.sin_port)};
    const auto reply = server.receive(peer, bytes);
    if (reply) netns::send_to(server_fd, reply->to.address.to_string(), reply->to.port, reply->bytes);
  }
  void TearDown() override {
    ended = true;
    if (server_thread.joinable()) server_thread.join();
  }

  const UdpEndpoint kServer{ip("198.18.0.2"), 3478};
  Namespace wan = must(Namespace::create());
  Namespace gateway = must(Namespace::create());
  Namespace home = must(Namespace::create());
  netns::Netlink wan_link = must(netns::Netlink::open(wan));
  netns::Netlink gateway_link = must(netns::Netlink::open(gateway));
  netns::Netlink home_link = must(netns::Netlink::open(home));
  boost::asio::io_context io;
  std::unique_ptr<UdpSocket> primary, secondary;
  UniqueFd server_fd;
  stun::Server server{kCrypto};
  std::atomic<bool> ended = false;
  std::thread server_thread;
  std::uint32_t random = 0;
};

TEST_F(HomeGatewayTest, WhenCoturnIsTheServer_ThenTheNatIsFoundAndTheMinimumIsThePeriod) {
  if (!std::filesystem::exists(kTurnserver)) GTEST_SKIP() << "coturn is not installed";
  build(Seconds{0});
  auto coturn =
      must(netns::Process::spawn(wan, {{kTurnserver, "-n", "-S", "-L", "198.18.0.2", "-p", "3478", "--no-cli",
                                        "--no-tls", "--no-dtls", "--log-file", "stdout", "--pidfile", "/dev/null"},
                                       {},
                                       ""}));
  primary = open(home, "192.168.1.3");
  secondary = open(home, "192.168.1.3");
  auto one = client(Seconds{1}, Seconds{4});
  EXPECT_TRUE(run(one, [&] { return one.nat_detected(); })) << one.failure();
  EXPECT_EQ(one.binding()->address, ip("198.18.0.3"));
  EXPECT_TRUE(run(one, [&] { return !one.searching(); }));  // it does not know RESPONSE-ADDRESS
  EXPECT_EQ(one.period(), Seconds{1});
  coturn.stop(Seconds{5});
}

TEST_F(HomeGatewayTest, WhenABindingLastsSixSeconds_ThenTheSearchEndsBelowAndTheServerGetsThrough) {
  build(Seconds{6});
  serve();
  primary = open(home, "192.168.1.3");
  secondary = open(home, "192.168.1.3");
  auto one = client(Seconds{2}, Seconds{16});
  EXPECT_TRUE(run(one, [&] { return !one.searching(); }));
  EXPECT_GE(one.period(), Seconds{4});
  EXPECT_LE(one.period(), Seconds{6});

  const auto binding = *one.binding();
  const auto stranger = open(wan, "198.18.0.2");
  must(stranger->send(binding, "from elsewhere"));
  netns::send_to(server_fd, binding.address.to_string(), binding.port, "from the server");
  const auto got = receive(*primary, Seconds{5});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->bytes, "from the server");
}

}  // namespace
}  // namespace hnbemu
