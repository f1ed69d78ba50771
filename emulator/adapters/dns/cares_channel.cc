#include "adapters/dns/cares_channel.h"

#include <netinet/in.h>
#include <sys/uio.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "netns/device_socket.h"

namespace hnbemu::dns {
namespace {

namespace asio = boost::asio;

int initialise_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status;
}

}  // namespace

Channel::Channel(asio::any_io_executor executor, const netns::Namespace& home, Path path)
    : executor_(executor), home_(home), path_(std::move(path)), done_(executor, Deadline::max()), tick_(executor) {}

Channel::~Channel() {
  if (channel_ != nullptr) ares_destroy(channel_);
}

Result<> Channel::open(const ChannelOptions& wanted) {
  ares_options options{};
  static char lookups[] = "b";  // DNS alone, no hosts file
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | wanted.flags;
  options.timeout = wanted.timeout_ms;
  options.tries = wanted.tries;
  options.lookups = lookups;
  options.ndomains = 0;
  options.sock_state_cb = &Channel::on_state;
  options.sock_state_cb_data = this;
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS |
                   ARES_OPT_SOCK_STATE_CB;
  if (initialise_library() != ARES_SUCCESS || ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) {
    return fail(Cause::resources, "c-ares cannot be started");
  }
  std::vector<ares_addr_port_node> servers(wanted.servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) {
    servers[i] = {};
    servers[i].family = AF_INET;
    servers[i].addr.addr4.s_addr = htonl(wanted.servers[i].to_v4());
    servers[i].udp_port = servers[i].tcp_port = wanted.port;
    servers[i].next = i + 1 < servers.size() ? &servers[i + 1] : nullptr;
  }
  if (servers.empty()) return fail(Cause::dns_failure, "the device was given no DNS server");
  ares_set_servers_ports(channel_, servers.data());
  // All five, or c-ares asks for none of them.
  static const ares_socket_functions functions{
      &Channel::on_open, [](ares_socket_t socket, void*) { return ::close(socket); },
      [](ares_socket_t socket, const sockaddr* to, ares_socklen_t size, void*) { return ::connect(socket, to, size); },
      [](ares_socket_t socket, void* data, std::size_t size, int flags, sockaddr* from, ares_socklen_t* length, void*) {
        return ::recvfrom(socket, data, size, flags, from, length);
      },
      [](ares_socket_t socket, const iovec* data, int count, void*) { return ::writev(socket, data, count); }};
  ares_set_socket_functions(channel_, &functions, this);
  return {};
}

ares_socket_t Channel::on_open(int, int type, int protocol, void* self) {
  const auto& channel = *static_cast<Channel*>(self);
  auto fd =
      netns::device_socket(channel.home_, channel.path_.plane == Plane::outer, channel.path_.source, type, protocol);
  if (!fd) {
    errno = fd.error().native;
    return ARES_SOCKET_BAD;
  }
  return fd->release();
}

void Channel::on_state(void* self, ares_socket_t socket, int read, int write) {
  auto& channel = *static_cast<Channel*>(self);
  if (read == 0 && write == 0) {  // c-ares closes it now: the descriptor is its own
    const auto found = channel.watches_.find(socket);
    if (found == channel.watches_.end()) return;
    found->second->descriptor.release();
    channel.watches_.erase(found);
    return;
  }
  auto& place = channel.watches_[socket];
  if (!place) place = std::make_shared<Watch>(asio::posix::stream_descriptor(channel.executor_, socket));
  place->read = read != 0;
  place->write = write != 0;
  channel.watch(socket);
}

void Channel::watch(ares_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  const auto place = found->second;
  using Wait = asio::posix::stream_descriptor;
  if (place->read && !place->reading) {
    place->reading = true;
    place->descriptor.async_wait(Wait::wait_read, [self = shared_from_this(), place, socket](auto error) {
      place->reading = false;
      if (error) return;
      self->process(socket, ARES_SOCKET_BAD);
      self->watch(socket);
    });
  }
  if (place->write && !place->writing) {
    place->writing = true;
    place->descriptor.async_wait(Wait::wait_write, [self = shared_from_this(), place, socket](auto error) {
      place->writing = false;
      if (error) return;
      self->process(ARES_SOCKET_BAD, socket);
      self->watch(socket);
    });
  }
}

void Channel::process(ares_socket_t read, ares_socket_t write) {
  if (channel_ != nullptr) ares_process_fd(channel_, read, write);
}

void Channel::arm_tick() {
  timeval limit{};
  const timeval* const next = channel_ == nullptr ? nullptr : ares_timeout(channel_, nullptr, &limit);
  if (next == nullptr) return;
  tick_.expires_after(Seconds{next->tv_sec} + std::chrono::microseconds{next->tv_usec} + Millis{1});
  tick_.async_wait([self = shared_from_this()](auto error) {
    if (error) return;
    self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    self->arm_tick();
  });
}

Task<void> Channel::wait(Deadline deadline) {
  const auto self = shared_from_this();
  done_.expires_at(deadline);
  arm_tick();
  if (!answered_) co_await done_.async_wait(asio::as_tuple(asio::use_awaitable));
  tick_.cancel();
  ares_destroy(std::exchange(channel_, nullptr));  // closes the sockets, which takes the watches away
}

void Channel::answered() {
  answered_ = true;
  done_.cancel();
}

}  // namespace hnbemu::dns
