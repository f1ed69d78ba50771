#include "adapters/dns/cares_resolver.h"

#include <ares.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/uio.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "netns/device_socket.h"

namespace hnbemu::dns {
namespace {

namespace asio = boost::asio;

int initialise_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status;
}

Cause cause_of(int status) {
  switch (status) {
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
      return Cause::dns_no_such_name;
    default:
      return Cause::dns_failure;
  }
}

// One query and its channel. The handlers of its operations share it, so that it outlives them all.
class Query : public std::enable_shared_from_this<Query> {
 public:
  Query(asio::any_io_executor executor, const netns::Namespace& home, Path path)
      : executor_(executor), home_(home), path_(std::move(path)), done_(executor, Deadline::max()), tick_(executor) {}
  ~Query() {
    if (channel_ != nullptr) ares_destroy(channel_);
  }

  Result<> open(std::uint16_t port);
  void start(const std::string& name);
  Task<Result<std::vector<IpAddress>>> wait(std::string name, Deadline deadline);

 private:
  struct Watch {
    explicit Watch(asio::posix::stream_descriptor made) : descriptor(std::move(made)) {}
    asio::posix::stream_descriptor descriptor;
    bool read = false;
    bool write = false;
    bool reading = false;
    bool writing = false;
  };

  static ares_socket_t on_open(int domain, int type, int protocol, void* self);
  static void on_state(void* self, ares_socket_t socket, int read, int write);
  static void on_answer(void* self, int status, int timeouts, ares_addrinfo* answer);
  void watch(ares_socket_t socket);
  void process(ares_socket_t read, ares_socket_t write);
  void arm_tick();
  void finish();

  asio::any_io_executor executor_;
  const netns::Namespace& home_;
  Path path_;
  asio::steady_timer done_;  // cancelled when the answer is there
  asio::steady_timer tick_;  // c-ares' own time-outs
  ares_channel channel_ = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Watch>> watches_;
  std::optional<Result<std::vector<IpAddress>>> answer_;
};

Result<> Query::open(std::uint16_t port) {
  ares_options options{};
  static char lookups[] = "b";  // DNS alone, no hosts file
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
  options.timeout = kServerTimeoutMs;
  options.tries = kTries;
  options.lookups = lookups;
  options.ndomains = 0;
  options.sock_state_cb = &Query::on_state;
  options.sock_state_cb_data = this;
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS |
                   ARES_OPT_SOCK_STATE_CB;
  if (initialise_library() != ARES_SUCCESS || ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) {
    return fail(Cause::resources, "c-ares cannot be started");
  }
  std::vector<ares_addr_port_node> servers(path_.dns_servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) {
    servers[i] = {};
    servers[i].family = AF_INET;
    servers[i].addr.addr4.s_addr = htonl(path_.dns_servers[i].to_v4());
    servers[i].udp_port = servers[i].tcp_port = port;
    servers[i].next = i + 1 < servers.size() ? &servers[i + 1] : nullptr;
  }
  if (servers.empty()) return fail(Cause::dns_failure, "the device was given no DNS server");
  ares_set_servers_ports(channel_, servers.data());
  // All five, or c-ares asks for none of them.
  static const ares_socket_functions functions{
      &Query::on_open, [](ares_socket_t socket, void*) { return ::close(socket); },
      [](ares_socket_t socket, const sockaddr* to, ares_socklen_t size, void*) { return ::connect(socket, to, size); },
      [](ares_socket_t socket, void* data, std::size_t size, int flags, sockaddr* from, ares_socklen_t* length, void*) {
        return ::recvfrom(socket, data, size, flags, from, length);
      },
      [](ares_socket_t socket, const iovec* data, int count, void*) { return ::writev(socket, data, count); }};
  ares_set_socket_functions(channel_, &functions, this);
  return {};
}

ares_socket_t Query::on_open(int, int type, int protocol, void* self) {
  const auto& query = *static_cast<Query*>(self);
  auto fd = netns::device_socket(query.home_, query.path_.plane == Plane::outer, query.path_.source, type, protocol);
  if (!fd) {
    errno = fd.error().native;
    return ARES_SOCKET_BAD;
  }
  return fd->release();
}

void Query::on_state(void* self, ares_socket_t socket, int read, int write) {
  auto& query = *static_cast<Query*>(self);
  if (read == 0 && write == 0) {  // c-ares closes it now: the descriptor is its own
    const auto found = query.watches_.find(socket);
    if (found == query.watches_.end()) return;
    found->second->descriptor.release();
    query.watches_.erase(found);
    return;
  }
  auto& place = query.watches_[socket];
  if (!place) place = std::make_shared<Watch>(asio::posix::stream_descriptor(query.executor_, socket));
  place->read = read != 0;
  place->write = write != 0;
  query.watch(socket);
}

void Query::watch(ares_socket_t socket) {
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

void Query::process(ares_socket_t read, ares_socket_t write) {
  if (channel_ != nullptr) ares_process_fd(channel_, read, write);
}

void Query::arm_tick() {
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

void Query::on_answer(void* self, int status, int, ares_addrinfo* answer) {
  auto& query = *static_cast<Query*>(self);
  if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) return;
  std::vector<IpAddress> addresses;
  for (const auto* node = answer == nullptr ? nullptr : answer->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family != AF_INET || addresses.size() == kMaxAddresses) continue;
    const auto* const socket_address = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
    addresses.push_back(IpAddress::v4(ntohl(socket_address->sin_addr.s_addr)));
  }
  if (answer != nullptr) ares_freeaddrinfo(answer);
  if (status != ARES_SUCCESS) {
    query.answer_ = fail(cause_of(status), ares_strerror(status), status);
  } else if (addresses.empty()) {
    query.answer_ = fail(Cause::dns_no_such_name, "the name has no IPv4 address");
  } else {
    query.answer_ = std::move(addresses);
  }
  query.done_.cancel();
}

void Query::start(const std::string& name) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_INET;
  hints.ai_flags = ARES_AI_NOSORT;  // in the server's order
  ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, &Query::on_answer, this);
  arm_tick();
}

void Query::finish() {
  tick_.cancel();
  ares_destroy(std::exchange(channel_, nullptr));  // closes the sockets, which takes the watches away
}

Task<Result<std::vector<IpAddress>>> Query::wait(std::string name, Deadline deadline) {
  const auto self = shared_from_this();
  done_.expires_at(deadline);
  start(name);
  if (!answer_) co_await done_.async_wait(asio::as_tuple(asio::use_awaitable));
  finish();
  if (!answer_) {
    const bool late = std::chrono::steady_clock::now() >= deadline;
    const auto* const what = late ? "no DNS server answered in time" : "the device was stopped";
    answer_ = fail(late ? Cause::timeout : Cause::cancelled, what);
  }
  if (!*answer_) {
    std::vector<std::string> servers;
    for (const auto& server : path_.dns_servers) servers.push_back(server.to_string());
    auto& error = answer_->error();
    error.detail = fmt::format("'{}': {} (asked {})", name, error.detail, fmt::join(servers, ", "));
  }
  co_return std::move(*answer_);
}

}  // namespace

Task<Result<std::vector<IpAddress>>> CaresResolver::resolve(std::string name, Path path, Deadline deadline) {
  const auto query = std::make_shared<Query>(executor_, home_, std::move(path));
  if (const auto opened = query->open(port_); !opened) co_return tl::unexpected(opened.error());
  co_return co_await query->wait(std::move(name), deadline);
}

}  // namespace hnbemu::dns
