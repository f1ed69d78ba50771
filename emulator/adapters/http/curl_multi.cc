#include "adapters/http/curl_multi.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <vector>

#include "adapters/http/curl_engine.h"
#include "netns/device_socket.h"

namespace hnbemu::http {
namespace {

namespace asio = boost::asio;

bool same_way(const Path& one, const Path& other) {
  return one.plane == other.plane && one.source == other.source;
}

}  // namespace

// Shared with the transfers under way, so that it outlives them all.
class CurlMulti::Driver {
 public:
  Driver(asio::any_io_executor executor, const netns::Namespace& home)
      : executor_(std::move(executor)), home_(home), engine_(CurlEngine::of(executor_)) {}
  ~Driver() { close_all(); }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  static Task<Result<CURLcode>> perform(std::shared_ptr<Driver> self, CURL* easy, Path path, Deadline deadline);
  void close_all();

 private:
  struct Transfer final : CurlEngine::Transfer {
    Transfer(Driver& owner, CURL* handle, Path way, Deadline deadline)
        : driver(owner), easy(handle), path(std::move(way)), done(owner.executor_, deadline) {}
    ~Transfer() { driver.remove(*this); }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    void ended(CURLcode code) override;

    Driver& driver;
    CURL* easy;
    Path path;
    asio::steady_timer done;  // cancelled when there is a result
    std::optional<Result<CURLcode>> result;
    std::optional<Error> socket_error;
  };

  static curl_socket_t on_open(void* transfer, curlsocktype, curl_sockaddr* address);
  Result<> open();
  Result<> add(Transfer& transfer);
  void remove(Transfer& transfer);

  asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::shared_ptr<CurlEngine> engine_;
  CURLSH* connections_ = nullptr;
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

void CurlMulti::Driver::Transfer::ended(CURLcode code) {
  if (socket_error) {
    result = tl::unexpected(*socket_error);
  } else {
    result = code;
  }
  done.cancel();
}

// libcurl's own cache of connections is for all who use a multi handle, and knows neither namespaces nor paths.
Result<> CurlMulti::Driver::open() {
  if (connections_ != nullptr) return {};
  connections_ = curl_share_init();
  if (connections_ == nullptr) return fail(Cause::resources, "libcurl cannot be started: out of memory");
  curl_share_setopt(connections_, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
  return {};
}

Result<> CurlMulti::Driver::add(Transfer& transfer) {
  const bool fresh = connections_ == nullptr;
  if (auto opened = open(); !opened) return opened;
  if (fresh) kept_ = transfer.path;
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(transfer.easy, option, value); };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_SHARE, connections_);
  set(CURLOPT_OPENSOCKETFUNCTION, &Driver::on_open);
  set(CURLOPT_OPENSOCKETDATA, &transfer);
  set(CURLOPT_CLOSESOCKETFUNCTION, &CurlEngine::on_close);
  set(CURLOPT_CLOSESOCKETDATA, engine_.get());
  const long alone = same_way(transfer.path, kept_) ? 0L : 1L;
  set(CURLOPT_FRESH_CONNECT, alone);
  set(CURLOPT_FORBID_REUSE, alone);
  if (auto added = engine_->add(transfer.easy, transfer); !added) {
    set(CURLOPT_SHARE, static_cast<CURLSH*>(nullptr));
    return added;
  }
  transfers_.push_back(&transfer);
  return {};
}

void CurlMulti::Driver::remove(Transfer& transfer) {
  if (std::erase(transfers_, &transfer) == 0) return;
  engine_->remove(transfer.easy);
  curl_easy_setopt(transfer.easy, CURLOPT_SHARE, nullptr);
}

void CurlMulti::Driver::close_all() {
  while (!transfers_.empty()) {
    auto& transfer = *transfers_.back();
    remove(transfer);
    // Also of one that has just ended: its caller may free the handle now.
    transfer.result = fail(Cause::network, "the connection was closed: the network under it changed");
    transfer.done.cancel();
  }
  if (connections_ != nullptr) curl_share_cleanup(std::exchange(connections_, nullptr));  // closes the sockets
}

curl_socket_t CurlMulti::Driver::on_open(void* transfer, curlsocktype, curl_sockaddr* address) {
  auto& asking = *static_cast<Transfer*>(transfer);
  const auto& path = asking.path;
  auto fd = netns::device_socket(asking.driver.home_, path.plane == Plane::outer, path.source, address->socktype,
                                 address->protocol);
  if (fd && asking.driver.engine_->adopt(fd->get())) return fd->release();
  asking.socket_error = fd ? Error{Cause::resources, "no memory to wait for a socket"} : fd.error();
  return CURL_SOCKET_BAD;
}

}  // namespace hnbemu::http
