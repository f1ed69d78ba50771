#include "control/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <filesystem>
#include <thread>

namespace hnbemu::control {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Local = asio::local::stream_protocol;
using Stream = beast::basic_stream<Local>;
using Parser = http::request_parser<http::string_body>;
using boost::system::error_code;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr Millis kAcceptRetry{50};

std::optional<Reply> refusal_of(error_code error) {
  if (error == http::error::body_limit) return refuse(413, fmt::format("a body is at most {} bytes", kMaxBodyBytes));
  if (error == http::error::header_limit) return refuse(431, "the header is too long");
  const bool malformed = error.category() == http::make_error_code(http::error::bad_method).category();
  if (malformed && error != http::error::end_of_stream && error != http::error::partial_message) {
    return refuse(400, "this is no HTTP request: " + error.message());
  }
  return std::nullopt;  // the client went away, or is too slow
}

http::response<http::string_body> to_response(Reply reply, bool keep_alive) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
  response.set(http::field::content_type, "application/json");
  response.body() = std::move(reply.body);
  response.keep_alive(keep_alive);
  response.prepare_payload();
  return response;
}

// A client that is still sending would lose the answer if the connection were closed under it.
asio::awaitable<void> drain(Stream& stream) {
  error_code ignored;
  stream.socket().shutdown(Local::socket::shutdown_send, ignored);
  stream.expires_after(kDrainTimeout);
  std::array<char, 16'384> buffer{};
  for (std::size_t drained = 0; drained < kMaxDrainBytes;) {
    auto [error, size] = co_await stream.async_read_some(asio::buffer(buffer), kTuple);
    if (error) co_return;
    drained += size;
  }
}

}  // namespace

struct Server::State {
  explicit State(Handler called) : handler(std::move(called)) {}

  asio::awaitable<void> accept();
  asio::awaitable<void> serve(Local::socket socket);
  asio::awaitable<Reply> answer(Parser& parser);
  asio::awaitable<Reply> handle(Request request);

  Handler handler;
  std::string socket_file;
  asio::io_context io{1};
  Local::acceptor acceptor{io};
  asio::thread_pool workers{kWorkers};
  std::size_t connections = 0;
  std::thread thread;
};

asio::awaitable<void> Server::State::accept() {
  asio::steady_timer pause(io);
  while (acceptor.is_open()) {
    if (connections == kMaxConnections) {
      pause.expires_after(kAcceptRetry);
      co_await pause.async_wait(kTuple);
      continue;
    }
    auto [error, socket] = co_await acceptor.async_accept(kTuple);
    if (!error) {
      ++connections;
      asio::co_spawn(io, serve(std::move(socket)), asio::detached);
      continue;
    }
    pause.expires_after(kAcceptRetry);  // no descriptors left
    co_await pause.async_wait(kTuple);
  }
}

asio::awaitable<void> Server::State::serve(Local::socket socket) {
  Stream stream(std::move(socket));
  beast::flat_buffer buffer;
  bool keep_alive = true;
  while (keep_alive) {
    Parser parser;
    parser.body_limit(kMaxBodyBytes);
    parser.header_limit(kMaxHeaderBytes);
    stream.expires_after(kIdleTimeout);
    auto [header_error, header_bytes] = co_await http::async_read_header(stream, buffer, parser, kTuple);
    auto error = header_error;
    if (!error) {
      stream.expires_after(kIoTimeout);
      auto [body_error, body_bytes] = co_await http::async_read(stream, buffer, parser, kTuple);
      error = body_error;
    }
    std::optional<Reply> reply;
    if (error) {
      reply = refusal_of(error);
      if (!reply) break;
      keep_alive = false;
    } else {
      keep_alive = parser.keep_alive();
      stream.expires_never();
      reply = co_await answer(parser);
    }
    const auto response = to_response(std::move(*reply), keep_alive);
    stream.expires_after(kIoTimeout);
    auto [write_error, written] = co_await http::async_write(stream, response, kTuple);
    if (write_error) break;
    if (error) co_await drain(stream);
  }
  --connections;
}

// The handler runs on a worker, so that one that waits for a device keeps no other client waiting.
asio::awaitable<Reply> Server::State::answer(Parser& parser) {
  const auto& message = parser.get();
  const auto target = message.target();
  auto request = to_request(std::string(message.method_string()), {target.data(), target.size()}, message.body());
  if (!request) co_return refuse(400, request.error().detail);
  auto work = handle(std::move(*request));
  co_return co_await asio::co_spawn(workers, std::move(work), asio::use_awaitable);
}

asio::awaitable<Reply> Server::State::handle(Request request) {
  co_return handler(request);
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(const std::string& socket_file, Handler handler) {
  if (socket_file.size() > kMaxSocketPath) {
    return fail(Cause::configuration,
                fmt::format("'{}' is too long for a socket: use a shorter --state-dir", socket_file));
  }
  auto state = std::make_unique<State>(std::move(handler));
  state->socket_file = socket_file;
  ::unlink(socket_file.c_str());
  error_code error;
  state->acceptor.open(Local(), error);
  const auto mask = ::umask(0177);
  if (!error) state->acceptor.bind(Local::endpoint(socket_file), error);
  ::umask(mask);
  if (!error) state->acceptor.listen(kMaxConnections, error);
  if (error) return fail_errno("control socket " + socket_file, error.value());
  asio::co_spawn(state->io, state->accept(), asio::detached);
  state->thread = std::thread([raw = state.get()] { raw->io.run(); });
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() {
  state_->io.stop();
  state_->thread.join();
  state_->workers.join();
  ::unlink(state_->socket_file.c_str());
}

}  // namespace hnbemu::control
