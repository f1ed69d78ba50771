#include "adapters/access/device_access_link.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "dhcp/datagram.h"
#include "dhcp/message.h"
#include "netns/device_socket.h"
#include "netns/point_to_point.h"

namespace hnbemu::access {
namespace {

namespace asio = boost::asio;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxPacket = 1500;

// bpf(4): UDP to the client's port, not a later fragment. What else comes over the interface wakes nobody.
Result<> filter(int fd) {
  std::array<sock_filter, 9> program{
      {BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
       BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),
       BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, dhcp::kClientPort, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0xffff),
       BPF_STMT(BPF_RET | BPF_K, 0)}};
  const sock_fprog attached{program.size(), program.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &attached, sizeof attached) == 0) return {};
  return fail_errno("filtering a packet socket", errno);
}

sockaddr_ll on_link(int index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_IP);
  address.sll_ifindex = index;
  return address;
}

Result<int> index_of(int fd, const std::string& interface) {
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(fd, SIOCGIFINDEX, &request) != 0) return fail_errno("no interface " + interface, errno);
  return request.ifr_ifindex;
}

}  // namespace

Result<> DeviceAccessLink::open() {
  if (packets_.is_open()) return {};
  // Protocol 0: nothing is received before the filter is there and bind() says what is wanted.
  auto fd = netns::socket_in(home_, AF_PACKET, SOCK_DGRAM, 0);
  if (!fd) return tl::unexpected(fd.error());
  if (auto filtered = filter(fd->get()); !filtered) return filtered;
  const auto index = index_of(fd->get(), interface_);
  if (!index) return tl::unexpected(index.error());
  index_ = *index;
  const auto link = on_link(index_);
  if (::bind(fd->get(), reinterpret_cast<const sockaddr*>(&link), sizeof link) != 0) {
    return fail_errno("binding a packet socket to " + interface_, errno);
  }
  boost::system::error_code error;
  packets_.assign(fd->get(), error);
  if (error) return fail_errno("a packet socket", error.value());
  fd->release();
  return {};
}

void DeviceAccessLink::close() {
  boost::system::error_code ignored;
  packets_.close(ignored);
  unicast_.reset();
}

Result<> DeviceAccessLink::send(const std::string& message, const IpAddress& from, const IpAddress& to) {
  if (to == IpAddress::v4(INADDR_BROADCAST)) return broadcast(message, from);
  if (!unicast_) {
    auto fd = netns::device_datagram_socket(home_, true, from, dhcp::kClientPort);
    if (!fd) return tl::unexpected(fd.error());
    unicast_ = std::move(*fd);
  }
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(dhcp::kServerPort);
  server.sin_addr.s_addr = htonl(to.to_v4());
  ::sendto(unicast_.get(), message.data(), message.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&server),
           sizeof server);
  return {};
}

Result<> DeviceAccessLink::broadcast(const std::string& message, const IpAddress& from) {
  auto everybody = on_link(index_);
  everybody.sll_halen = ETH_ALEN;
  std::fill_n(everybody.sll_addr, ETH_ALEN, std::uint8_t{0xff});
  const auto packet = dhcp::to_packet(message, from, IpAddress::v4(INADDR_BROADCAST));
  ::sendto(packets_.native_handle(), packet.data(), packet.size(), MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&everybody), sizeof everybody);
  return {};
}

// "" if there is none now.
Result<std::string> DeviceAccessLink::take() {
  std::array<char, kMaxPacket> buffer;
  const auto size = ::recv(packets_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size >= 0) return std::string(dhcp::from_packet({buffer.data(), static_cast<std::size_t>(size)}));
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENETDOWN) return std::string{};
  return fail_errno("receiving from " + interface_, errno);
}

Task<Result<std::string>> DeviceAccessLink::receive(Deadline deadline) {
  using namespace boost::asio::experimental::awaitable_operators;
  asio::steady_timer timer(executor_, deadline);
  while (packets_.is_open()) {
    auto message = take();
    if (!message || !message->empty()) co_return message;
    if (std::chrono::steady_clock::now() >= deadline) co_return fail(Cause::timeout, "no DHCP message has come");
    const auto woken =
        co_await (packets_.async_wait(asio::posix::descriptor_base::wait_read, kTuple) || timer.async_wait(kTuple));
    const bool cancelled = woken.index() == 0 ? std::get<0>(std::get<0>(woken)) == asio::error::operation_aborted
                                              : std::get<0>(std::get<1>(woken)) == asio::error::operation_aborted;
    if (cancelled) break;
  }
  co_return fail(Cause::cancelled, "the device does not listen any more");
}

// The neighbour is permanent, as netns::connect() has made it: it goes with the last address of an interface.
Result<> DeviceAccessLink::configure(const Prefix& address, const IpAddress& router) {
  auto netlink = netns::Netlink::open(home_);
  if (!netlink) return tl::unexpected(netlink.error());
  if (auto added = netlink->add_address(interface_, address); !added) return added;
  if (router.is_unspecified()) return {};
  return netlink->add_neighbour(interface_, router, netns::mac_for(router)).and_then([&] {
    return netlink->add_route({Prefix{}, router, interface_});
  });
}

Result<> DeviceAccessLink::deconfigure(const Prefix& address) {
  auto netlink = netns::Netlink::open(home_);
  if (!netlink) return tl::unexpected(netlink.error());
  return netlink->remove_address(interface_, address);
}

}  // namespace hnbemu::access
