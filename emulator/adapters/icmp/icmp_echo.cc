#include "adapters/icmp/icmp_echo.h"

#include <linux/icmp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <ctime>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "adapters/icmp/icmp_message.h"
#include "netns/device_socket.h"

namespace hnbemu::icmp {
namespace {

namespace asio = boost::asio;
using Micros = std::chrono::microseconds;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kEnoughBytes = 256;  // of a packet: its headers, and those that an error quotes

template <class T>
Result<> set(int fd, int level, int option, T value, const char* what) {
  if (::setsockopt(fd, level, option, &value, sizeof value) == 0) return {};
  return fail_errno(fmt::format("an ICMP socket: {}", what), errno);
}

Result<> prepare(int fd, const EchoRequest& request) {
  constexpr std::uint32_t wanted = 1U << kEchoReply | 1U << kUnreachable | 1U << kTimeExceeded;
  auto done = set(fd, SOL_RAW, ICMP_FILTER, icmp_filter{~wanted}, "filter");
  if (done) done = set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1, "time stamps");
  // RFC 2474: the six upper bits of what was TOS.
  if (done) done = set(fd, IPPROTO_IP, IP_TOS, int{request.dscp} << 2, "DSCP");
  if (done && request.ttl != 0) done = set(fd, IPPROTO_IP, IP_TTL, int{request.ttl}, "TTL");
  // Larger than the link's MTU: it goes in fragments, as a ping does.
  if (done) done = set(fd, IPPROTO_IP, IP_MTU_DISCOVER, int{IP_PMTUDISC_DONT}, "fragmentation");
  return done;
}

Result<> send(int fd, const EchoRequest& request, EchoKey key) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(request.target.to_v4());
  const auto bytes = echo_request(key, request.data_bytes);
  const auto sent = ::sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  // A queue that is full: lost on the way.
  if (sent >= 0 || errno == EAGAIN || errno == ENOBUFS) return {};
  return fail(Cause::network, fmt::format("{}: {}", request.target.to_string(), std::strerror(errno)), errno);
}

Micros wall_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return Seconds{now.tv_sec} + std::chrono::duration_cast<Micros>(std::chrono::nanoseconds{now.tv_nsec});
}

// When the kernel had the packet; nothing without a time stamp.
std::optional<Micros> stamp_of(msghdr& header) {
  for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_TIMESTAMPNS) continue;
    timespec time{};
    std::memcpy(&time, CMSG_DATA(part), sizeof time);
    return Seconds{time.tv_sec} + std::chrono::duration_cast<Micros>(std::chrono::nanoseconds{time.tv_nsec});
  }
  return std::nullopt;
}

struct Received {
  Message message;
  Micros at;
};

enum class Next { packet, other, none };

Next receive(int fd, Received& received) {
  std::array<std::uint8_t, kEnoughBytes> bytes;
  alignas(cmsghdr) std::array<char, 128> control;
  iovec place{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const auto size = ::recvmsg(fd, &header, MSG_DONTWAIT);
  if (size < 0) return Next::none;
  const auto message = parse({bytes.data(), std::min(static_cast<std::size_t>(size), bytes.size())});
  if (!message) return Next::other;
  received = {*message, stamp_of(header).value_or(wall_now())};
  return Next::packet;
}

bool answers(const Message& message, const EchoRequest& request, EchoKey key) {
  if (message.key != key) return false;
  return message.type == kEchoReply ? message.from == request.target : message.target == request.target;
}

EchoReply reply_of(const Received& received, Micros sent) {
  using Kind = EchoReply::Kind;
  const auto type = received.message.type;
  const auto kind = type == kEchoReply ? Kind::echo : type == kTimeExceeded ? Kind::time_exceeded : Kind::unreachable;
  return {kind, received.message.from, received.message.code, std::max(received.at - sent, Micros{1})};
}

}  // namespace

Task<Result<EchoReply>> IcmpEcho::echo(EchoRequest request, Path path, Deadline deadline) {
  using namespace asio::experimental::awaitable_operators;
  auto fd = netns::device_socket(home_, path.plane == Plane::outer, path.source, SOCK_RAW, IPPROTO_ICMP);
  if (!fd) co_return tl::unexpected(fd.error());
  if (auto prepared = prepare(fd->get(), request); !prepared) co_return tl::unexpected(prepared.error());
  const auto number = next_key_++;
  const EchoKey key{static_cast<std::uint16_t>(number >> 16), static_cast<std::uint16_t>(number & 0xffff)};
  asio::posix::stream_descriptor descriptor(executor_, fd->release());
  asio::steady_timer timer(executor_, deadline);
  const auto sent_at = wall_now();
  if (auto sent = send(descriptor.native_handle(), request, key); !sent) co_return tl::unexpected(sent.error());
  while (true) {
    Received received{};
    auto next = Next::other;
    for (unsigned i = 0; i < kMaxPacketsPerTurn && next != Next::none; ++i) {
      next = receive(descriptor.native_handle(), received);
      if (next == Next::packet && answers(received.message, request, key)) co_return reply_of(received, sent_at);
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      co_return fail(Cause::timeout, request.target.to_string() + " did not answer in time");
    }
    const auto woken =
        co_await (descriptor.async_wait(asio::posix::descriptor_base::wait_read, kTuple) || timer.async_wait(kTuple));
    const bool cancelled = woken.index() == 0 ? std::get<0>(std::get<0>(woken)) == asio::error::operation_aborted
                                              : std::get<0>(std::get<1>(woken)) == asio::error::operation_aborted;
    if (cancelled) co_return fail(Cause::cancelled, "the device was stopped");
  }
}

}  // namespace hnbemu::icmp
