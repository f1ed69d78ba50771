#include "adapters/udp/device_udp.h"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>

namespace hnbemu::udp {
namespace {

class DeviceUdpTest : public testing::Test {
 protected:
  std::unique_ptr<UdpSocket> open(UdpOptions options = {}) {
    auto socket = udp_.open(path_, options);
    if (!socket) throw std::runtime_error(socket.error().to_string());
    return std::move(*socket);
  }
  UdpEndpoint place_of(const UdpSocket& socket) const { return {path_.source, socket.port()}; }

  Result<Datagram> receive(UdpSocket& socket, Millis patience = Seconds{10}, bool cancel = false) {
    std::optional<Result<Datagram>> result;
    boost::asio::cancellation_signal signal;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    boost::asio::co_spawn(
        io_, socket.receive(deadline),
        boost::asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr& bug, Result<Datagram> value) {
          if (bug) std::rethrow_exception(bug);
          result = std::move(value);
        }));
    if (cancel) {
      io_.poll();
      signal.emit(boost::asio::cancellation_type::terminal);
    }
    io_.restart();
    io_.run();
    return std::move(*result);
  }

  boost::asio::io_context io_;
  netns::Namespace home_ = *netns::Namespace::current();
  DeviceUdp udp_{io_.get_executor(), home_};
  Path path_{Plane::inner, *IpAddress::parse("127.0.0.1"), {}};
};

TEST_F(DeviceUdpTest, WhenADatagramIsSent_ThenItArrivesWithItsSender) {
  const auto a = open();
  const auto b = open();
  ASSERT_TRUE(a->send(place_of(*b), std::string("a\0b", 3)));
  const auto received = receive(*b);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->bytes, std::string("a\0b", 3));
  EXPECT_EQ(received->peer, place_of(*a));
  EXPECT_FALSE(received->error);
}

TEST_F(DeviceUdpTest, WhenTwoHaveArrived_ThenEachIsReceivedInItsOrder) {
  const auto a = open();
  ASSERT_TRUE(a->send(place_of(*a), "one"));
  ASSERT_TRUE(a->send(place_of(*a), ""));
  EXPECT_EQ(receive(*a)->bytes, "one");
  EXPECT_EQ(receive(*a)->bytes, "");
}

TEST_F(DeviceUdpTest, WhenNothingArrives_ThenItEndsAtTheDeadline) {
  const auto a = open();
  EXPECT_EQ(receive(*a, Millis{1}).error().cause, Cause::timeout);
}

TEST_F(DeviceUdpTest, WhenTheDeviceIsStopped_ThenItSaysSo) {
  const auto a = open();
  EXPECT_EQ(receive(*a, Seconds{10}, true).error().cause, Cause::cancelled);
}

TEST_F(DeviceUdpTest, WhenThePortIsInUse_ThenTheErrorNamesIt) {
  const auto a = open();
  const auto second = udp_.open(path_, {.port = a->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().native, EADDRINUSE);
  EXPECT_THAT(second.error().detail, testing::HasSubstr(place_of(*a).to_string()));
}

TEST_F(DeviceUdpTest, WhenNobodyListens_ThenTheIcmpErrorComesWithWhatItIsAbout) {
  const auto a = open({.icmp_errors = true});
  const UdpEndpoint nobody = place_of(*open());
  ASSERT_TRUE(a->set_ttl(3));
  ASSERT_TRUE(a->send(nobody, "probe"));
  const auto received = receive(*a);
  ASSERT_TRUE(received);
  ASSERT_TRUE(received->error);
  EXPECT_EQ(received->error->type, 3);  // destination unreachable …
  EXPECT_EQ(received->error->code, 3);  // … its port
  EXPECT_EQ(received->error->reporter, path_.source);
  EXPECT_EQ(received->peer, nobody);
  EXPECT_EQ(received->bytes, "probe");
}

TEST_F(DeviceUdpTest, WhenAnIcmpErrorWasNotAskedFor_ThenItIsNoticedByNobody) {
  const auto a = open();
  const UdpEndpoint nobody = place_of(*open());
  ASSERT_TRUE(a->send(nobody, "probe"));
  EXPECT_TRUE(a->send(place_of(*a), "still there"));
  EXPECT_EQ(receive(*a)->bytes, "still there");
}

TEST_F(DeviceUdpTest, WhenADatagramIsTooLarge_ThenItIsAnErrorThatSaysWhereTo) {
  const auto a = open();
  const auto sent = a->send(place_of(*a), std::string(70'000, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().native, EMSGSIZE);
}

}  // namespace
}  // namespace hnbemu::udp
