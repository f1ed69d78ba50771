#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "ports/clock.h"

namespace hnbemu::device {

// What is asked of a device, in the order in which it was asked. One reader; all on the device's own executor.
template <class T>
class Mailbox {
 public:
  static constexpr std::size_t kMaxMessages = 64;

  explicit Mailbox(boost::asio::any_io_executor executor) : arrival_(executor) {}

  // False if the device is so far behind that the message is lost.
  bool push(T message) {
    if (messages_.size() == kMaxMessages) return false;
    messages_.push_back(std::move(message));
    arrival_.cancel();
    return true;
  }

  template <class Predicate>
  void remove_if(Predicate predicate) {
    std::erase_if(messages_, predicate);
  }

  // Nothing at the deadline, or when the device is stopped.
  Task<std::optional<T>> pop(Clock& clock, Deadline deadline) {
    using namespace boost::asio::experimental::awaitable_operators;
    if (messages_.empty()) {
      arrival_.expires_at(Deadline::max());
      co_await (wait_for_arrival() || clock.sleep_until(deadline));
    }
    if (messages_.empty()) co_return std::nullopt;
    std::optional<T> message(std::move(messages_.front()));
    messages_.pop_front();
    co_return message;
  }

 private:
  Task<void> wait_for_arrival() { co_await arrival_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)); }

  boost::asio::steady_timer arrival_;  // never expires: its cancellation is the signal
  std::deque<T> messages_;
};

}  // namespace hnbemu::device
