#include "control/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace hnbemu::control {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using Local = boost::asio::local::stream_protocol;
using boost::system::error_code;

Error error_of(const std::string& socket_file, error_code error) {
  if (error == beast::error::timeout) return {Cause::timeout, "the emulator does not answer at " + socket_file, 0};
  const bool nobody =
      error == boost::asio::error::connection_refused || error == boost::system::errc::no_such_file_or_directory;
  if (nobody) return {Cause::network, "nothing listens at " + socket_file, error.value()};
  if (error == beast::http::error::end_of_stream || error == boost::asio::error::connection_reset) {
    return {Cause::network, "the emulator ended without an answer at " + socket_file, error.value()};
  }
  return {Cause::protocol, fmt::format("{}: {}", socket_file, error.message()), error.value()};
}

}  // namespace

Result<Reply> call(const std::string& socket_file, const std::string& method, const std::string& target,
                   const std::string& body, Seconds timeout) {
  if (socket_file.size() > kMaxSocketPath) {
    return fail(Cause::configuration,
                fmt::format("'{}' is too long for a socket: use a shorter --state-dir", socket_file));
  }
  boost::asio::io_context io;
  beast::basic_stream<Local> stream(io);
  stream.expires_after(timeout);
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "hnbemu");
  request.body() = body;
  request.prepare_payload();
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxReplyBytes);

  error_code result;
  stream.async_connect(Local::endpoint(socket_file), [&](error_code error) {
    if ((result = error)) return;
    http::async_write(stream, request, [&](error_code write_error, std::size_t) {
      // A server that refuses a request may close before it has read it all; its answer says why.
      result = write_error;
      http::async_read(stream, buffer, parser, [&](error_code read_error, std::size_t) { result = read_error; });
    });
  });
  io.run();
  if (result) return tl::unexpected(error_of(socket_file, result));
  return Reply{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

std::string encoded(std::string_view text) {
  return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
}

}  // namespace hnbemu::control
