#include "hms/server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <unordered_map>
#include <utility>

namespace hnbemu::hms {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;
using TlsStream = ssl::stream<beast::tcp_stream>;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr Millis kAcceptRetry{100};  // after EMFILE and its like

struct Connection {
  std::uint64_t id = 0;
  HttpHandler* handler = nullptr;
  std::string peer;
  bool tls = false;
  std::optional<ClientCertificate> certificate;
  beast::tcp_stream* transport = nullptr;
  bool busy = false;  // a request has begun and its reply has not ended
};

HttpRequest to_request(const Parser& parser, const Connection& connection) {
  const auto& message = parser.get();
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.version = static_cast<int>(message.version());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = message.body();
  request.connection = connection.id;
  request.peer = connection.peer;
  request.tls = connection.tls;
  request.certificate = connection.certificate;
  return request;
}

Response to_response(HttpReply reply, bool keep_alive) {
  Response response;
  response.version(11);
  response.result(static_cast<unsigned>(reply.status));
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.keep_alive(keep_alive);
  if (reply.status == 204) return response;  // RFC 9110 8.6: no Content-Length
  response.body() = std::move(reply.body);
  if (reply.chunked) {
    response.chunked(true);
  } else {
    response.content_length(response.body().size());
  }
  return response;
}

HttpReply refusal_of(error_code error) {
  HttpReply reply;
  reply.ending = HttpReply::Ending::close;
  if (error == http::error::body_limit) {
    reply.status = 413;
  } else if (error == http::error::header_limit) {
    reply.status = 431;
  } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    reply.status = 400;
  } else {
    reply.ending = HttpReply::Ending::drop;
  }
  return reply;
}

template <class Stream>
asio::awaitable<error_code> read_request(Stream& stream, Connection& connection, beast::flat_buffer& buffer,
                                         Parser& parser) {
  connection.transport->expires_after(kIdleTimeout);
  auto [header_error, header_bytes] = co_await http::async_read_header(stream, buffer, parser, kTuple);
  if (header_error) co_return header_error;
  connection.busy = true;
  connection.transport->expires_after(kIoTimeout);
  const std::string expect(parser.get()[http::field::expect]);
  if (beast::iequals(expect, "100-continue")) {
    http::response<http::empty_body> go_on(http::status::continue_, 11);
    auto [write_error, bytes] = co_await http::async_write(stream, go_on, kTuple);
    if (write_error) co_return write_error;
  }
  auto [body_error, body_bytes] = co_await http::async_read(stream, buffer, parser, kTuple);
  co_return body_error;
}

// Whether the connection goes on.
template <class Stream>
asio::awaitable<bool> write_reply(Stream& stream, Connection& connection, HttpReply reply, bool keep_alive) {
  if (reply.delay.count() > 0) {
    asio::steady_timer timer(stream.get_executor(), reply.delay);
    co_await timer.async_wait(kTuple);
  }
  if (reply.ending == HttpReply::Ending::drop) {
    connection.transport->close();
    co_return false;
  }
  const bool stay = keep_alive && reply.ending == HttpReply::Ending::keep_alive;
  Response response = to_response(std::move(reply), stay);
  connection.transport->expires_after(kIoTimeout);
  auto [error, bytes] = co_await http::async_write(stream, response, kTuple);
  co_return !error && stay;
}

template <class Stream>
asio::awaitable<void> serve_requests(Stream& stream, Connection& connection, const bool& stopping) {
  beast::flat_buffer buffer(kMaxHeaderBytes + kMaxBodyBytes);
  bool go_on = true;
  while (go_on && !stopping) {
    Parser parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(kMaxBodyBytes);
    const error_code error = co_await read_request(stream, connection, buffer, parser);
    HttpReply reply;
    if (error) {
      reply = refusal_of(error);
    } else {
      const HttpRequest request = to_request(parser, connection);
      reply = connection.handler->handle(request);
    }
    const bool keep_alive = !error && parser.get().keep_alive() && !stopping;
    go_on = co_await write_reply(stream, connection, std::move(reply), keep_alive);
    connection.busy = false;
  }
}

}  // namespace

struct Server::State {
  struct Port {
    tcp::acceptor acceptor;
    HttpHandler* handler;
    std::shared_ptr<ssl::context> tls;
  };

  asio::awaitable<void> accept(Port& port);
  asio::awaitable<void> run(tcp::socket socket, HttpHandler* handler, std::shared_ptr<ssl::context> tls);
  asio::awaitable<void> run_plain(beast::tcp_stream stream, Connection& connection);
  asio::awaitable<void> run_tls(beast::tcp_stream stream, Connection& connection, ssl::context& context);
  void begin_stop();
  void left(std::uint64_t id);

  std::unordered_map<std::uint64_t, Connection*> connections;  // each lives in its coroutine
  std::uint64_t last_id = 0;
  bool stopping = false;
  bool stopped = false;
  asio::io_context context{1};
  std::vector<std::unique_ptr<Port>> ports;
  asio::steady_timer grace{context};
  std::thread thread;
};

asio::awaitable<void> Server::State::accept(Port& port) {
  while (!stopping) {
    auto [error, socket] = co_await port.acceptor.async_accept(kTuple);
    if (stopping) break;
    if (error) {
      asio::steady_timer timer(context, kAcceptRetry);
      co_await timer.async_wait(kTuple);
      continue;
    }
    if (connections.size() >= kMaxConnections) continue;
    asio::co_spawn(context, run(std::move(socket), port.handler, port.tls), asio::detached);
  }
}

asio::awaitable<void> Server::State::run(tcp::socket socket, HttpHandler* handler, std::shared_ptr<ssl::context> tls) {
  struct Guard {
    State& state;
    std::uint64_t id;
    ~Guard() { state.left(id); }
  };
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const tcp::endpoint peer = socket.remote_endpoint(ignored);
  Connection connection;
  connection.id = ++last_id;
  connection.handler = handler;
  connection.peer = peer.address().to_string();
  connection.tls = tls != nullptr;
  connections.emplace(connection.id, &connection);
  const Guard guard{*this, connection.id};
  beast::tcp_stream stream(std::move(socket));
  if (tls) {
    co_await run_tls(std::move(stream), connection, *tls);
  } else {
    co_await run_plain(std::move(stream), connection);
  }
}

asio::awaitable<void> Server::State::run_plain(beast::tcp_stream stream, Connection& connection) {
  connection.transport = &stream;
  co_await serve_requests(stream, connection, stopping);
  connection.transport = nullptr;
}

asio::awaitable<void> Server::State::run_tls(beast::tcp_stream stream, Connection& connection,
                                             ssl::context& tls_context) {
  TlsStream secure(std::move(stream), tls_context);
  connection.transport = &secure.next_layer();
  connection.transport->expires_after(kIoTimeout);
  auto [error] = co_await secure.async_handshake(ssl::stream_base::server, kTuple);
  if (!error) {
    connection.certificate = client_certificate(secure.native_handle());
    co_await serve_requests(secure, connection, stopping);
    if (!stopping) {
      connection.transport->expires_after(kStopGrace);
      co_await secure.async_shutdown(kTuple);
    }
  }
  connection.transport = nullptr;
}

void Server::State::left(std::uint64_t id) {
  const auto found = connections.find(id);
  HttpHandler* handler = found->second->handler;
  connections.erase(found);
  if (stopped) return;
  handler->connection_closed(id);
  if (stopping && connections.empty()) grace.cancel();
}

void Server::State::begin_stop() {
  stopping = true;
  error_code ignored;
  for (const auto& port : ports) port->acceptor.close(ignored);
  for (const auto& [id, connection] : connections) {
    if (connection->transport != nullptr && !connection->busy) connection->transport->close();
  }
  if (connections.empty()) return;
  grace.expires_after(kStopGrace);
  grace.async_wait([this](error_code error) {
    if (!error) context.stop();
  });
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() {
  stop();
}

Result<std::unique_ptr<Server>> Server::start(std::vector<Listener> listeners) {
  auto state = std::make_unique<State>();
  for (Listener& listener : listeners) {
    std::shared_ptr<ssl::context> tls;
    if (listener.tls) {
      auto made = make_tls_context(*listener.tls);
      if (!made) return tl::unexpected(std::move(made).error());
      tls = std::move(*made);
    }
    tcp::acceptor acceptor(state->context);
    error_code error;
    acceptor.assign(tcp::v4(), listener.socket.get(), error);
    if (error) return fail(Cause::system, fmt::format("listening socket: {}", error.message()), error.value());
    listener.socket.release();
    state->ports.push_back(
        std::make_unique<State::Port>(State::Port{std::move(acceptor), listener.handler, std::move(tls)}));
  }
  for (const auto& port : state->ports) asio::co_spawn(state->context, state->accept(*port), asio::detached);
  state->thread = std::thread([state = state.get()] { state->context.run(); });
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

void Server::stop() {
  if (!state_ || !state_->thread.joinable()) return;
  asio::post(state_->context, [state = state_.get()] { state->begin_stop(); });
  state_->thread.join();
  state_->stopped = true;
}

}  // namespace hnbemu::hms
