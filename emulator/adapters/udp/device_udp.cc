#include "adapters/udp/device_udp.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/udp/socket_calls.h"
#include "netns/device_socket.h"

namespace hnbemu::udp {
namespace {

namespace asio = boost::asio;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

class Socket : public UdpSocket {
 public:
  Socket(const asio::any_io_executor& executor, std::uint16_t port, bool icmp_errors)
      : descriptor_(executor), port_(port), icmp_errors_(icmp_errors) {}

  Result<> adopt(UniqueFd fd) {
    boost::system::error_code error;
    descriptor_.assign(fd.get(), error);
    if (error) return fail_errno("a UDP socket", error.value());
    fd.release();
    return {};
  }
  std::uint16_t port() const override { return port_; }
  Result<> set_ttl(std::uint8_t ttl) override { return udp::set_ttl(fd(), ttl); }
  Result<> send(const UdpEndpoint& to, std::string_view bytes) override { return send_datagram(fd(), to, bytes); }
  Task<Result<Datagram>> receive(Deadline deadline) override;

 private:
  int fd() const { return descriptor_.native_handle(); }
  Result<std::optional<Datagram>> take() const;

  mutable asio::posix::stream_descriptor descriptor_;
  std::uint16_t port_;
  bool icmp_errors_;
};

Result<std::optional<Datagram>> Socket::take() const {
  if (icmp_errors_) {
    auto told = take_icmp_error(fd());
    if (!told || *told) return told;
  }
  return take_datagram(fd());
}

Task<Result<Datagram>> Socket::receive(Deadline deadline) {
  using namespace boost::asio::experimental::awaitable_operators;
  asio::steady_timer timer(descriptor_.get_executor(), deadline);
  while (true) {
    auto taken = take();
    if (!taken) co_return tl::unexpected(taken.error());
    if (*taken) co_return std::move(**taken);
    if (std::chrono::steady_clock::now() >= deadline) co_return fail(Cause::timeout, "no datagram has come");
    const auto woken =
        co_await (descriptor_.async_wait(asio::posix::descriptor_base::wait_read, kTuple) || timer.async_wait(kTuple));
    const bool cancelled = woken.index() == 0 ? std::get<0>(std::get<0>(woken)) == asio::error::operation_aborted
                                              : std::get<0>(std::get<1>(woken)) == asio::error::operation_aborted;
    if (cancelled) co_return fail(Cause::cancelled, "the device was stopped");
  }
}

}  // namespace

Result<std::unique_ptr<UdpSocket>> DeviceUdp::open(const Path& path, UdpOptions options) {
  auto fd = netns::device_datagram_socket(home_, path.plane == Plane::outer, path.source, options.port);
  if (!fd) return tl::unexpected(fd.error());
  if (auto set = apply(fd->get(), options); !set) return tl::unexpected(set.error());
  const auto port = port_of(fd->get());
  if (!port) return tl::unexpected(port.error());
  auto socket = std::make_unique<Socket>(executor_, *port, options.icmp_errors);
  if (auto adopted = socket->adopt(std::move(*fd)); !adopted) return tl::unexpected(adopted.error());
  return socket;
}

}  // namespace hnbemu::udp
