#include "adapters/http/curl_multi.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <optional>
#include <vector>

#include "netns/device_socket.h"

namespace hnbemu::http {
namespace {

namespace asio = boost::asio;

bool initialise_library() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

bool same_way(const Path& one, const Path& other) {
  return one.plane == other.plane && one.source == other.source;
}

}  // namespace

// Shared with the handlers of its operations, so that it outlives them all.
class CurlMulti::Driver : public std::enable_shared_from_this<Driver> {
 public:
  Driver(asio::any_io_executor executor, const netns::Namespace& home)
      : executor_(executor), home_(home), timer_(std::move(executor)) {}
  ~Driver() { close_all(); }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  static Task<Result<CURLcode>> perform(std::shared_ptr<Driver> self, CURL* easy, Path path, Deadline deadline);
  void close_all();

 private:
  struct Transfer {
    Transfer(Driver& owner, CURL* handle, Path way, Deadline deadline)
        : driver(owner), easy(handle), path(std::move(way)), done(owner.executor_, deadline) {}
    ~Transfer() { driver.remove(*this); }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    Driver& driver;
    CURL* easy;
    Path path;
    asio::steady_timer done;  // cancelled when there is a result
    std::optional<Result<CURLcode>> result;
    std::optional<Error> socket_error;
  };
  struct Watch {
    explicit Watch(asio::posix::stream_descriptor made) : descriptor(std::move(made)) {}
    asio::posix::stream_descriptor descriptor;
    int wanted = CURL_POLL_NONE;
    bool reading = false;
    bool writing = false;
  };

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long timeout_ms, void* self);
  static curl_socket_t on_open(void* transfer, curlsocktype, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);

  Result<> open();
  Result<> add(Transfer& transfer);
  void remove(Transfer& transfer);
  void watch(curl_socket_t socket);
  void forget(curl_socket_t socket);
  void act(curl_socket_t socket, int events);

  asio::any_io_executor executor_;
  const netns::Namespace& home_;
  CURLM* multi_ = nullptr;
  asio::steady_timer timer_;  // libcurl's own
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::vector<Transfer*> transfers_;  // under way
  Path kept_;                         // the way of the connections that are kept alive
};

CurlMulti::CurlMulti(asio::any_io_executor executor, const netns::Namespace& home)
    : driver_(std::make_shared<Driver>(std::move(executor), home)) {}

CurlMulti::~CurlMulti() {
  driver_->close_all();
}

Task<Result<CURLcode>> CurlMulti::perform(CURL* easy, Path path, Deadline deadline) {
  return Driver::perform(driver_, easy, std::move(path), deadline);
}

void CurlMulti::close_all() {
  driver_->close_all();
}

Task<Result<CURLcode>> CurlMulti::Driver::perform(std::shared_ptr<Driver> self, CURL* easy, Path path,
                                                  Deadline deadline) {
  Transfer transfer(*self, easy, std::move(path), deadline);
  if (auto added = self->add(transfer); !added) co_return tl::unexpected(added.error());
  const auto [waited] = co_await transfer.done.async_wait(asio::as_tuple(asio::use_awaitable));
  if (transfer.result) co_return std::move(*transfer.result);
  if (!waited) co_return fail(Cause::timeout, "no end of the transfer in time");
  co_return fail(Cause::cancelled, "the device was stopped");
}

Result<> CurlMulti::Driver::open() {
  if (multi_ != nullptr) return {};
  if (initialise_library()) multi_ = curl_multi_init();
  if (multi_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory or descriptors");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Driver::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Driver::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  return {};
}

Result<> CurlMulti::Driver::add(Transfer& transfer) {
  const bool fresh = multi_ == nullptr;
  if (auto opened = open(); !opened) return opened;
  if (fresh) kept_ = transfer.path;
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(transfer.easy, option, value); };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_OPENSOCKETFUNCTION, &Driver::on_open);
  set(CURLOPT_OPENSOCKETDATA, &transfer);
  set(CURLOPT_CLOSESOCKETFUNCTION, &Driver::on_close);
  set(CURLOPT_CLOSESOCKETDATA, this);
  // libcurl's cache of connections knows nothing of paths.
  const long alone = same_way(transfer.path, kept_) ? 0L : 1L;
  set(CURLOPT_FRESH_CONNECT, alone);
  set(CURLOPT_FORBID_REUSE, alone);
  if (curl_multi_add_handle(multi_, transfer.easy) != CURLM_OK) {
    return fail(Cause::resources, "libcurl takes no transfer");
  }
  transfers_.push_back(&transfer);
  return {};
}

void CurlMulti::Driver::remove(Transfer& transfer) {
  if (std::erase(transfers_, &transfer) != 0) curl_multi_remove_handle(multi_, transfer.easy);
}

void CurlMulti::Driver::close_all() {
  while (!transfers_.empty()) {
    auto& transfer = *transfers_.back();
    remove(transfer);
    // Also of one that has just ended: its caller may free the handle now.
    transfer.result = fail(Cause::network, "the connection was closed: the network under it changed");
    transfer.done.cancel();
  }
  timer_.cancel();
  if (multi_ != nullptr) curl_multi_cleanup(std::exchange(multi_, nullptr));  // closes the sockets
}

curl_socket_t CurlMulti::Driver::on_open(void* transfer, curlsocktype, curl_sockaddr* address) {
  auto& asking = *static_cast<Transfer*>(transfer);
  const auto& path = asking.path;
  auto fd = netns::device_socket(asking.driver.home_, path.plane == Plane::outer, path.source, address->socktype,
                                 address->protocol);
  if (fd) return fd->release();
  asking.socket_error = fd.error();
  return CURL_SOCKET_BAD;
}

int CurlMulti::Driver::on_close(void* self, curl_socket_t socket) {
  static_cast<Driver*>(self)->forget(socket);
  return ::close(socket);
}

int CurlMulti::Driver::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& driver = *static_cast<Driver*>(self);
  if (what == CURL_POLL_REMOVE) {
    driver.forget(socket);
    return 0;
  }
  auto& place = driver.watches_[socket];
  if (!place) place = std::make_shared<Watch>(asio::posix::stream_descriptor(driver.executor_, socket));
  place->wanted = what;
  driver.watch(socket);
  return 0;
}

void CurlMulti::Driver::forget(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  found->second->descriptor.release();
  watches_.erase(found);
}

void CurlMulti::Driver::watch(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  const auto place = found->second;
  using Wait = asio::posix::stream_descriptor;
  const auto weak = weak_from_this();
  if ((place->wanted & CURL_POLL_IN) != 0 && !place->reading) {
    place->reading = true;
    place->descriptor.async_wait(Wait::wait_read, [weak, place, socket](auto error) {
      place->reading = false;
      if (const auto self = weak.lock(); self && !error) self->act(socket, CURL_CSELECT_IN);
    });
  }
  if ((place->wanted & CURL_POLL_OUT) != 0 && !place->writing) {
    place->writing = true;
    place->descriptor.async_wait(Wait::wait_write, [weak, place, socket](auto error) {
      place->writing = false;
      if (const auto self = weak.lock(); self && !error) self->act(socket, CURL_CSELECT_OUT);
    });
  }
}

int CurlMulti::Driver::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& driver = *static_cast<Driver*>(self);
  driver.timer_.cancel();
  if (timeout_ms < 0) return 0;
  const auto weak = driver.weak_from_this();
  if (timeout_ms == 0) {  // at once, but not from in here: without a system call
    asio::post(driver.executor_, [weak] {
      if (const auto self_again = weak.lock()) self_again->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }
  driver.timer_.expires_after(Millis{timeout_ms});
  driver.timer_.async_wait([weak](auto error) {
    if (const auto self_again = weak.lock(); self_again && !error) self_again->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlMulti::Driver::act(curl_socket_t socket, int events) {
  if (multi_ == nullptr) return;
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto ended = std::ranges::find(transfers_, message->easy_handle, &Transfer::easy);
    if (ended == transfers_.end()) continue;
    auto& transfer = **ended;
    if (transfer.socket_error) {
      transfer.result = tl::unexpected(*transfer.socket_error);
    } else {
      transfer.result = message->data.result;
    }
    transfer.done.cancel();
  }
  watch(socket);
}

}  // namespace hnbemu::http
