#pragma once

#include "alarms/generator.h"
#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/context.h"

namespace hnbemu::device {

// Raises and clears the alarms that come by themselves, from power-up to power-down, whether in service or not. They
// are never those of a true cause: such an alarm of its own is about the whole service.
class AlarmGenerator final : public Companion {
 public:
  AlarmGenerator(boost::asio::any_io_executor executor, procedures::Context& context, std::uint64_t seed);

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  std::uint64_t dropped() const { return generator_ ? generator_->dropped() : 0; }

 private:
  struct Wake {};
  alarms::AlarmKey key_of(const config::AlarmDefinition& alarm) const;

  procedures::Context& context_;
  Mailbox<Wake> wake_;
  std::optional<alarms::Generator> generator_;  // none: the device has no such alarms
};

}  // namespace hnbemu::device
