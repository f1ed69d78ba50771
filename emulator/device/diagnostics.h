#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <optional>
#include <vector>

#include "device/companion.h"
#include "device/echo_server.h"
#include "device/mailbox.h"
#include "diagnostics/test_control.h"
#include "procedures/context.h"

namespace hnbemu::device {

// The device's diagnostic tests and its UDP echo server. A test that is requested begins when the session with the ACS
// has ended (TR-181 DiagnosticsState) and the device is in service. Nothing is open while none runs.
class Diagnostics final : public Companion {
 public:
  Diagnostics(boost::asio::any_io_executor executor, procedures::Context& context);

  // Called when a test has ended that the ACS requested: `8 DIAGNOSTICS COMPLETE`.
  void on_complete(std::function<void()> complete) { complete_ = std::move(complete); }

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  void serve(const procedures::Service& service) override;
  void leave() override;
  void follow() override;

 private:
  struct Wake {};
  void begin_tests();
  void begin(std::size_t test);
  void ended(std::size_t test, const diagnostics::Report& report);

  boost::asio::any_io_executor executor_;
  procedures::Context& context_;
  diagnostics::TestControl control_;
  std::vector<boost::asio::cancellation_signal> cancel_;  // of each test, used again and again
  std::size_t running_ = 0;
  EchoServer echo_server_;
  Mailbox<Wake> wake_;
  std::function<void()> complete_;
  std::optional<Path> service_;  // none: out of service
};

}  // namespace hnbemu::device
