#include "adapters/connection_requests/http_connection_requests.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <set>

#include "adapters/connection_requests/gate.h"
#include "adapters/connection_requests/message.h"
#include "netns/device_socket.h"

namespace hnbemu::connection_requests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

// What stays when the address changes.
struct HttpConnectionRequests::Service {
  std::function<ConnectionRequestAccess()> access;
  std::function<bool()> ready;
  std::function<void()> requested;
  Gate gate;
};

// One address. Its coroutines share it; after close() they end at their next step and call nobody.
struct HttpConnectionRequests::Listener : std::enable_shared_from_this<Listener> {
  Listener(const asio::any_io_executor& executor, std::shared_ptr<Service> shared)
      : service(std::move(shared)), acceptor(executor), pause(executor) {}

  asio::awaitable<void> accept(std::shared_ptr<Listener> self);
  asio::awaitable<void> converse(std::shared_ptr<Listener> self, tcp::socket socket);
  asio::awaitable<void> drain(beast::tcp_stream& stream);
  Answer answer_to(const Parser& parser, error_code error);
  void close();

  std::shared_ptr<Service> service;
  tcp::acceptor acceptor;
  asio::steady_timer pause;  // of accepting: until a connection ends, or for kAcceptRetry
  std::set<beast::tcp_stream*> streams;
  std::size_t open = 0;
  bool closed = false;
};

// NOLINTNEXTLINE(performance-unnecessary-value-param): the coroutine's frame owns it
asio::awaitable<void> HttpConnectionRequests::Listener::accept(std::shared_ptr<Listener> self) {
  while (!closed) {
    if (open >= kMaxConnections) {
      pause.expires_at(Deadline::max());
      co_await pause.async_wait(kTuple);
      continue;
    }
    auto [error, socket] = co_await acceptor.async_accept(kTuple);
    if (closed) break;
    if (error) {
      pause.expires_after(kAcceptRetry);
      co_await pause.async_wait(kTuple);
      continue;
    }
    ++open;
    asio::co_spawn(acceptor.get_executor(), converse(self, std::move(socket)), asio::detached);
  }
}

Answer HttpConnectionRequests::Listener::answer_to(const Parser& parser, error_code error) {
  if (error) return {refusal_of(error), {}};
  const auto access = service->access ? service->access() : ConnectionRequestAccess{};
  return service->gate.answer(to_request(parser), access, service->ready, std::chrono::steady_clock::now());
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the coroutine's frame owns it
asio::awaitable<void> HttpConnectionRequests::Listener::converse(std::shared_ptr<Listener> self, tcp::socket socket) {
  struct Guard {
    Listener& listener;
    beast::tcp_stream* stream;
    ~Guard() {
      listener.streams.erase(stream);
      --listener.open;
      listener.pause.cancel();
    }
  };
  beast::tcp_stream stream(std::move(socket));
  streams.insert(&stream);
  const Guard guard{*self, &stream};
  beast::flat_buffer buffer(kMaxHeaderBytes);
  Parser parser;
  parser.header_limit(kMaxHeaderBytes);
  stream.expires_after(kReadTimeout);
  auto [read_error, header_bytes] = co_await http::async_read_header(stream, buffer, parser, kTuple);
  if (closed) co_return;
  const Answer answer = answer_to(parser, read_error);
  if (answer.status == 0 || closed) co_return;

  Response response = to_response(answer);
  stream.expires_after(kWriteTimeout);
  auto [write_error, written_bytes] = co_await http::async_write(stream, response, kTuple);
  if (closed || write_error) co_return;
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  if (answer.status == 200) service->requested();
  if (!closed) co_await drain(stream);
}

asio::awaitable<void> HttpConnectionRequests::Listener::drain(beast::tcp_stream& stream) {
  std::array<char, 1024> ignored{};
  stream.expires_after(kDrainTimeout);
  for (std::size_t drained = 0; drained < kMaxDrainBytes && !closed;) {
    auto [error, size] = co_await stream.async_read_some(asio::buffer(ignored), kTuple);
    if (error) break;
    drained += size;
  }
}

void HttpConnectionRequests::Listener::close() {
  closed = true;
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  for (auto* const stream : streams) stream->close();
}

HttpConnectionRequests::HttpConnectionRequests(asio::any_io_executor executor, const netns::Namespace& home)
    : executor_(std::move(executor)), home_(home), service_(std::make_shared<Service>()) {}

HttpConnectionRequests::~HttpConnectionRequests() {
  HttpConnectionRequests::close();
}

Result<> HttpConnectionRequests::open(Path path, std::uint16_t port) {
  close();
  auto socket = netns::device_listener(home_, path.plane == Plane::outer, path.source, port, kBacklog);
  if (!socket) return tl::unexpected(socket.error());
  auto listener = std::make_shared<Listener>(executor_, service_);
  error_code error;
  listener->acceptor.assign(tcp::v4(), socket->get(), error);
  if (error) return fail_errno("listening for connection requests", error.value());
  socket->release();
  asio::co_spawn(executor_, listener->accept(listener), asio::detached);
  listener_ = std::move(listener);
  return {};
}

void HttpConnectionRequests::close() {
  if (const auto listener = std::exchange(listener_, nullptr)) listener->close();
}

void HttpConnectionRequests::serve(std::function<ConnectionRequestAccess()> access, std::function<bool()> ready,
                                   std::function<void()> requested) {
  service_->access = std::move(access);
  service_->ready = std::move(ready);
  service_->requested = std::move(requested);
}

}  // namespace hnbemu::connection_requests
