#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <optional>

#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/context.h"
#include "sntp/schedule.h"

namespace hnbemu::device {

// The device's NTP client: asks the servers of Time.NTPServer1 to 5 by how much its clock is wrong, and sets it. It
// asks over the access network at once, or through the tunnel of a device that is reached by IPsec, once it is there.
// Time.Status follows. With Time.Enable and no server nothing is asked, and Time.Status is the profile's.
class TimeClient final : public Companion {
 public:
  static constexpr Millis kSmallStep{1000};  // up to this the clock is as good as never wrong

  TimeClient(boost::asio::any_io_executor executor, procedures::Context& context);

  // Called when the clock has been set forward (or back) by more than kSmallStep.
  void observe(std::function<void(std::chrono::microseconds)> stepped) { stepped_ = std::move(stepped); }

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  void serve(const procedures::Service& service) override;
  void leave() override;
  void follow() override;

 private:
  struct Wake {};
  std::vector<std::string> configured() const;
  std::optional<Path> path() const;
  void settle();
  Task<void> ask();
  Task<tl::expected<sntp::Sample, sntp::Refusal>> measure(std::string server, Path path);
  void set_clock(std::chrono::microseconds offset);
  void show();

  procedures::Context& context_;
  Clock& clock_;
  std::string object_;  // "Device.Time."; "" if the profile has none
  sntp::Schedule schedule_;
  Mailbox<Wake> wake_;
  std::function<void(std::chrono::microseconds)> stepped_;
  std::vector<std::string> servers_;
  std::optional<Path> service_;  // of the HMS, while in service
  std::string factory_status_;
  bool shown_ = false;  // Time.Status is not the profile's
  bool powered_ = false;
  unsigned turn_ = 0;  // an answer to what was asked before it changed is none
};

}  // namespace hnbemu::device
