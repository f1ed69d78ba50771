#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "adapters/connection_requests/http_connection_requests.h"
#include "adapters/forward/forwarder.h"
#include "integration/support/network.h"
#include "netns/device_socket.h"
#include "netns/point_to_point.h"

// An ACS that listens on the host's loopback alone, and devices in namespaces behind a router: each device comes from a
// loopback address of its own, and its connection-request URL is at that address too. A namespace plays the host.
namespace hnbemu::netns {
namespace {

constexpr std::uint16_t kAcsPort = 7557;
constexpr std::uint16_t kCpePort = 7547;
constexpr int kBacklog = 16;

struct Site {
  Namespace home = must(Namespace::create());
  Netlink netlink = must(Netlink::open(home));
};

struct Device : Site {
  IpAddress outer;      // in its own namespace
  IpAddress alter_ego;  // on the host's loopback
};

// 0, or the errno that the connection came to.
int connect_to(const UniqueFd& fd, const IpAddress& address, std::uint16_t port) {
  const auto remote = endpoint(address.to_string(), port);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&remote), sizeof remote) == 0) return 0;
  pollfd waiting{fd.get(), POLLOUT, 0};
  ::poll(&waiting, 1, 5000);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

// The same, when the other end takes the connection and resets it, be it at once or after a while.
int connect_and_wait(const UniqueFd& fd, const IpAddress& address, std::uint16_t port) {
  if (const int error = connect_to(fd, address, port); error != 0) return error;
  pollfd waiting{fd.get(), POLLIN, 0};
  ::poll(&waiting, 1, 5000);
  char byte = 0;
  return ::recv(fd.get(), &byte, 1, 0) < 0 ? errno : 0;
}

struct Accepted {
  UniqueFd fd;
  std::string peer;
};

Accepted accept_from(const UniqueFd& listener) {
  pollfd waiting{listener.get(), POLLIN, 0};
  ::poll(&waiting, 1, 5000);
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  UniqueFd fd(::accept4(listener.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  return {std::move(fd), IpAddress::v4(ntohl(peer.sin_addr.s_addr)).to_string()};
}

class LoopbackAcsTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    host_.emplace();
    wan_.emplace();
    for (std::uint32_t i = 0; i < 3; ++i) add_device(i);
    acs_ = must(device_listener(host_->home, false, ip("127.0.0.1"), kAcsPort, kBacklog));
    on_thread([&] { start_forwarders(); });
  }

  void TearDown() override {
    on_thread([&] {
      forwarders_.clear();
      listeners_.clear();
    });
    work_.reset();
    thread_.join();
  }

  void on_thread(const std::function<void()>& function) {
    const auto done = std::make_shared<std::promise<void>>();
    boost::asio::post(io_, [&function, done] {
      function();
      done->set_value();
    });
    done->get_future().wait();
  }

  void add_device(std::uint32_t index) {
    auto device = std::make_unique<Device>();
    const auto router = IpAddress::v4(ip("198.51.100.0").to_v4() + 2 * index);
    device->outer = IpAddress::v4(router.to_v4() + 1);
    device->alter_ego = IpAddress::v4(ip("127.64.0.1").to_v4() + index);
    must(connect({&wan_->netlink, &wan_->home, fmt::format("d{}", index), router, true},
                 {&device->netlink, &device->home, "wan", device->outer, false}));
    must(device->netlink.add_route({Prefix{}, router, "wan"}));
    devices_.push_back(std::move(device));
  }

  void forward(UniqueFd listening, forward::Target target) {
    forwarders_.push_back(must(forward::Forwarder::open(io_.get_executor(), std::move(listening), std::move(target))));
  }

  void start_forwarders() {
    must(wan_->netlink.add_address("lo", Prefix{acs_address_, 32}));
    forward(must(device_listener(wan_->home, false, acs_address_, kAcsPort, kBacklog)),
            [this](const IpAddress& peer) { return towards_acs(peer); });
    for (const auto& device : devices_) {
      forward(must(device_listener(host_->home, false, device->alter_ego, kCpePort, kBacklog)),
              [this, &device](const IpAddress&) { return towards_device(*device); });
      listeners_.push_back(
          std::make_unique<connection_requests::HttpConnectionRequests>(io_.get_executor(), device->home));
      listeners_.back()->serve(
          [] {
            return ConnectionRequestAccess{"/path", "acs", "secret"};
          },
          [] { return true; }, [] {});
      must(listeners_.back()->open({Plane::outer, device->outer, {}}, kCpePort));
    }
  }

  Result<forward::Outbound> towards_acs(const IpAddress& peer) {
    for (const auto& device : devices_) {
      if (device->outer != peer) continue;
      auto socket = device_socket(host_->home, false, device->alter_ego, SOCK_STREAM, 0);
      if (!socket) return tl::unexpected(socket.error());
      return forward::Outbound{std::move(*socket), ip("127.0.0.1"), kAcsPort};
    }
    return fail(Cause::network, "no device has the address " + peer.to_string());
  }

  Result<forward::Outbound> towards_device(const Device& device) {
    auto socket = device_socket(wan_->home, false, acs_address_, SOCK_STREAM, 0);
    if (!socket) return tl::unexpected(socket.error());
    return forward::Outbound{std::move(*socket), device.outer, kCpePort};
  }

  std::optional<Site> host_;
  std::optional<Site> wan_;
  std::vector<std::unique_ptr<Device>> devices_;
  IpAddress acs_address_ = *IpAddress::parse("203.0.113.1");  // where the devices find the ACS
  UniqueFd acs_;
  boost::asio::io_context io_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{io_.get_executor()};
  std::thread thread_{[this] { io_.run(); }};
  std::vector<std::unique_ptr<forward::Forwarder>> forwarders_;
  std::vector<std::unique_ptr<connection_requests::HttpConnectionRequests>> listeners_;
};

TEST_F(LoopbackAcsTest, WhenDevicesConnect_ThenTheAcsSeesAnAddressForEachOfThem) {
  for (const auto& device : devices_) {
    const auto cpe = must(device_socket(device->home, true, device->outer, SOCK_STREAM, 0));
    ASSERT_EQ(connect_to(cpe, acs_address_, kAcsPort), 0);
    const auto session = accept_from(acs_);
    EXPECT_EQ(session.peer, device->alter_ego.to_string());
    ASSERT_EQ(::send(cpe.get(), "Inform", 6, 0), 6);
    EXPECT_EQ(receive(session.fd), "Inform");
    ASSERT_EQ(::send(session.fd.get(), "InformResponse", 14, 0), 14);
    EXPECT_EQ(receive(cpe), "InformResponse");
  }
}

TEST_F(LoopbackAcsTest, WhenTheAcsAsksForAConnection_ThenTheDeviceAtThatAddressAnswers) {
  for (const auto& device : devices_) {
    const auto client = must(socket_in(host_->home, AF_INET, SOCK_STREAM));
    ASSERT_EQ(connect_to(client, device->alter_ego, kCpePort), 0);
    const std::string request = "GET /path HTTP/1.1\r\nHost: device\r\n\r\n";
    ASSERT_EQ(::send(client.get(), request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    EXPECT_THAT(receive(client), testing::StartsWith("HTTP/1.1 401 "));
  }
}

TEST_F(LoopbackAcsTest, WhenTheAcsIsDown_ThenTheDeviceIsReset) {
  acs_.reset();
  const auto& device = *devices_.front();
  const auto cpe = must(device_socket(device.home, true, device.outer, SOCK_STREAM, 0));
  EXPECT_EQ(connect_and_wait(cpe, acs_address_, kAcsPort), ECONNRESET);
}

TEST_F(LoopbackAcsTest, WhenADeviceIsGone_ThenTheAcsIsRefusedLikeByTheDeviceItself) {
  on_thread([&] { listeners_.front()->close(); });
  const auto client = must(socket_in(host_->home, AF_INET, SOCK_STREAM));
  EXPECT_EQ(connect_and_wait(client, devices_.front()->alter_ego, kCpePort), ECONNRESET);
}

}  // namespace
}  // namespace hnbemu::netns
