#include "netns/device_socket.h"

#include "integration/support/network.h"

namespace hnbemu::netns {
namespace {

using DeviceListenerTest = NamespaceTest;

int mark_of(const UniqueFd& fd) {
  int mark = 0;
  socklen_t size = sizeof mark;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_MARK, &mark, &size);
  return mark;
}

UniqueFd connection_to(const UniqueFd& listener, const Namespace& home, const std::string& address) {
  const auto client = must(socket_in(home, AF_INET, SOCK_STREAM));
  const auto remote = endpoint(address, 7547);
  if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&remote), sizeof remote) != 0 && errno != EINPROGRESS) {
    return {};
  }
  pollfd waiting{listener.get(), POLLIN, 0};
  ::poll(&waiting, 1, 2000);
  return UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

TEST_F(DeviceListenerTest, WhenItIsOuter_ThenWhatItAcceptsIsExemptFromTheTunnelToo) {
  const auto home = must(Namespace::create());
  const auto outer = must(device_listener(home, true, ip("127.0.0.2"), 7547, 4));
  const auto inner = must(device_listener(home, false, ip("127.0.0.3"), 7547, 4));
  EXPECT_EQ(mark_of(outer), kOuterMark);
  EXPECT_EQ(mark_of(connection_to(outer, home, "127.0.0.2")), kOuterMark);
  const auto accepted = connection_to(inner, home, "127.0.0.3");
  EXPECT_TRUE(accepted);
  EXPECT_EQ(mark_of(accepted), 0);
}

TEST_F(DeviceListenerTest, WhenTheAddressIsNotTheDevices_ThenTheErrorNamesIt) {
  const auto home = must(Namespace::create());
  const auto listener = device_listener(home, false, ip("192.0.2.1"), 7547, 4);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().native, EADDRNOTAVAIL);
  EXPECT_NE(listener.error().detail.find("192.0.2.1:7547"), std::string::npos) << listener.error().detail;
}

}  // namespace
}  // namespace hnbemu::netns
