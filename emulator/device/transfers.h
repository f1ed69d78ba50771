#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <optional>

#include "device/abort.h"
#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/context.h"

namespace hnbemu::device {

// The device's file transfers: one at a time, each when it is due, while the device is in service and in no session.
// What ends badly because the way to the HMS is gone, or the power, is begun again.
class Transfers final : public Companion {
 public:
  Transfers(boost::asio::any_io_executor executor, procedures::Context& context);

  // `completed`: the ACS wants to hear of it now. `reboot`: the device boots what has come; false if it cannot yet.
  void observe(std::function<void()> completed, std::function<bool()> reboot);
  // One that the ACS has not asked for. Why not, if it cannot be.
  std::optional<std::string> start(cwmp::Transfer transfer);

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  void serve(const procedures::Service& service) override;
  void leave() override;
  void follow() override { wake_.push({}); }

 private:
  struct Wake {};
  Task<Deadline> work();  // all that is due; when to look again
  Task<void> perform(std::uint32_t id);
  Deadline at(WallTime when) const;
  bool ask_for_boot();

  procedures::Context& context_;
  Clock& clock_;
  Mailbox<Wake> wake_;
  Abort work_;
  std::function<void()> completed_;
  std::function<bool()> reboot_;
  bool powered_ = false;
  bool booting_ = false;     // asked for, and not done yet
  std::optional<Path> way_;  // to the Serving HMS and its file servers; none: not in service
};

}  // namespace hnbemu::device
