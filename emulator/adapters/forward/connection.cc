#include "adapters/forward/connection.h"

#include <boost/asio/write.hpp>

namespace hnbemu::forward {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = Connection::tcp;

void no_delay(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
}

}  // namespace

void reset(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

Connection::Connection(tcp::socket accepted, tcp::socket outbound, Limits limits)
    : accepted_(std::move(accepted)),
      outbound_(std::move(outbound)),
      limits_(limits),
      timer_(accepted_.get_executor()) {}

void Connection::start(const tcp::endpoint& target, Connected connected, Ended ended, std::shared_ptr<Stats> stats) {
  ended_ = std::move(ended);
  stats_ = std::move(stats);
  no_delay(accepted_);
  no_delay(outbound_);
  timer_.expires_after(limits_.connect);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error || self->over_) return;
    self->timed_out_ = true;
    error_code ignored;
    self->outbound_.close(ignored);
  });
  auto on_end = [self = shared_from_this(), connected = std::move(connected)](const error_code& error) {
    self->on_connect(error, connected);
  };
  outbound_.async_connect(target, std::move(on_end));
}

void Connection::on_connect(const error_code& error, const Connected& connected) {
  if (over_) return;
  const error_code why = timed_out_ ? error_code(asio::error::timed_out) : error;
  connected(why);
  if (over_) return;
  if (why) {
    finish();
    return;
  }
  touch();
  watch_idle();
  read(forward_);
  read(back_);
}

void Connection::read(Way& way) {
  auto on_end = [self = shared_from_this(), &way](const error_code& error, std::size_t size) {
    if (self->over_) return;
    if (error == asio::error::eof) return self->half_close(way);
    if (error) return self->finish();
    self->touch();
    self->write(way, size);
  };
  way.from.async_read_some(asio::buffer(way.buffer), std::move(on_end));
}

void Connection::write(Way& way, std::size_t size) {
  auto on_end = [self = shared_from_this(), &way](const error_code& error, std::size_t written) {
    if (self->over_) return;
    (*self->stats_).*way.bytes += written;
    if (error) return self->finish();
    self->touch();
    self->read(way);
  };
  asio::async_write(way.to, asio::buffer(way.buffer.data(), size), std::move(on_end));
}

void Connection::half_close(Way& way) {
  way.ended = true;
  error_code error;
  way.to.shutdown(tcp::socket::shutdown_send, error);
  if (error || (forward_.ended && back_.ended)) finish();
}

void Connection::touch() {
  last_byte_ = std::chrono::steady_clock::now();
}

// One timer for many bytes: it looks at the time of the last one only when it goes off.
void Connection::watch_idle() {
  timer_.expires_at(last_byte_ + limits_.idle);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error || self->over_) return;
    if (std::chrono::steady_clock::now() >= self->last_byte_ + self->limits_.idle) return self->finish();
    self->watch_idle();
  });
}

void Connection::finish() {
  abort();
  const auto ended = std::move(ended_);
  ended(*this);
}

void Connection::abort() {
  over_ = true;
  timer_.cancel();
  // Both FINs sent: the kernel delivers what it still holds. Otherwise the one end hears of the other's failure.
  if (forward_.ended && back_.ended) {
    error_code ignored;
    accepted_.close(ignored);
    outbound_.close(ignored);
    return;
  }
  reset(accepted_);
  reset(outbound_);
}

}  // namespace hnbemu::forward
