#pragma once

#include <functional>
#include <optional>
#include <string>

#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/context.h"

namespace hnbemu::device {

// What is really so of a device, for its alarms.
struct SelfFacts {
  std::optional<WallTime> certificate_expires{};          // its own; none: it has none, or nobody knows
  std::function<std::optional<double>()> storage_free{};  // the part of its storage; empty: nobody knows
};

// The device looks after itself: its certificate, memory (DeviceInfo.MemoryStatus) and storage. What is wrong raises
// an alarm, which is cleared when it is right again.
class SelfWatch final : public Companion {
 public:
  static constexpr Seconds kPeriod{60};
  static constexpr std::chrono::hours kExpiryNotice{30 * 24};  // before the certificate expires
  static constexpr double kMemoryLow = 0.05, kMemoryFine = 0.10;
  static constexpr double kStorageLow = 0.02, kStorageFine = 0.04;

  SelfWatch(boost::asio::any_io_executor executor, procedures::Context& context, SelfFacts facts)
      : context_(context), wake_(std::move(executor)), facts_(std::move(facts)) {}

  Task<void> run() override;
  void power_up() override;
  void power_down() override { powered_ = false; }
  void note_commit(const std::optional<Error>& error);  // how the last writing of the memory ended

 private:
  struct Wake {};
  void look();
  void look_at_memory();
  void look_at_storage();

  procedures::Context& context_;
  Mailbox<Wake> wake_;
  SelfFacts facts_;
  std::optional<Error> commit_error_;
  bool storage_low_ = false;
  bool powered_ = false;
};

}  // namespace hnbemu::device
