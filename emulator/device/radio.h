#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <optional>
#include <string>

#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/context.h"
#include "radio/rem.h"
#include "radio/self_configuration.h"

namespace hnbemu::device {

// The device's radio: measures its environment, chooses its channel and code, and is on the air (OpState, RFTxStatus)
// as long as AdminState is true, the device is registered with its Serving HMS and nothing of that is in the way. A
// device without REM in its data model follows AdminState alone.
class Radio final : public Companion {
 public:
  Radio(boost::asio::any_io_executor executor, procedures::Context& context, const radio::Environment& environment);

  // `changed` is called after everything that may have changed what on_air() and off_air() say.
  void observe(std::function<void()> changed) { changed_ = std::move(changed); }

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  void serve(const procedures::Service& service) override;
  void leave() override;   // off the air at once
  void follow() override;  // it may be AdminState that was set, REM's settings, the lists to choose from

  bool serving() const { return serving_; }
  bool on_air() const { return on_air_; }
  // Why the cell is not on the air though AdminState is true; "" if it is, or need not be.
  const std::string& off_air() const { return off_air_; }

 private:
  struct Wake {};
  radio::Now now() const { return {clock_.device_now(), clock_.wall_now()}; }
  bool wanted() const;
  void settle();
  void configure();
  void report(const Result<>& chosen);
  void report_scan();
  void transmit(bool on);

  procedures::Context& context_;
  Clock& clock_;
  std::string service_;
  radio::RadioTechnology technology_;
  radio::Rem rem_;
  radio::SelfConfiguration self_configuration_;
  Mailbox<Wake> wake_;
  std::function<void()> changed_;
  bool powered_ = false;
  bool serving_ = false;
  bool on_air_ = false;
  std::string off_air_;
  std::optional<Result<>> chosen_;  // none: not since power-up
  unsigned scans_ended_ = 0;        // when it was chosen
};

}  // namespace hnbemu::device
