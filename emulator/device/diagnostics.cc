#include "device/diagnostics.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "device/diagnostic_tests.h"

namespace hnbemu::device {

Diagnostics::Diagnostics(boost::asio::any_io_executor executor, procedures::Context& context)
    : executor_(executor),
      context_(context),
      control_(context.model,
               [this](std::size_t test) { cancel_.at(test).emit(boost::asio::cancellation_type::terminal); }),
      cancel_(control_.objects().size()),
      echo_server_(executor, context),
      wake_(executor) {
  echo_server_.on_end([this] { wake_.push({}); });
}

Task<void> Diagnostics::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!stopping()) {
    begin_tests();
    co_await wake_.pop(context_.ports.clock, Deadline::max());
  }
  power_down();
  while (running_ > 0 || !echo_server_.closed()) co_await wake_.pop(context_.ports.clock, Deadline::max());
}

void Diagnostics::power_up() {
  control_.power_up();
}

void Diagnostics::power_down() {
  control_.power_down();
  leave();
}

void Diagnostics::serve(const procedures::Service& service) {
  service_ = service.path;
  follow();
}

// What runs goes on: that the network is gone is a result too.
void Diagnostics::leave() {
  service_.reset();
  echo_server_.follow(service_);
}

void Diagnostics::follow() {
  echo_server_.follow(service_);
  wake_.push({});
}

void Diagnostics::begin_tests() {
  if (!service_ || context_.in_session) return;
  while (const auto test = control_.begin()) begin(*test);
}

void Diagnostics::begin(std::size_t test) {
  ++running_;
  auto carried_out = run_test(context_, control_.objects()[test], *service_);
  boost::asio::co_spawn(executor_, std::move(carried_out),
                        boost::asio::bind_cancellation_slot(
                            cancel_[test].slot(), [this, test](const std::exception_ptr& bug, const auto& report) {
                              if (bug) std::rethrow_exception(bug);
                              ended(test, report);
                            }));
}

void Diagnostics::ended(std::size_t test, const diagnostics::Report& report) {
  --running_;
  if (control_.ended(test, report) && complete_) complete_();
  wake_.push({});
}

}  // namespace hnbemu::device
