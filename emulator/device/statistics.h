#pragma once

#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/context.h"
#include "statistics/periodic_statistics.h"

namespace hnbemu::device {

// The device's periodic statistics, from power-up to power-down, whether in service or not.
class Statistics final : public Companion {
 public:
  Statistics(boost::asio::any_io_executor executor, procedures::Context& context)
      : context_(context), wake_(std::move(executor)), statistics_(context.model, [this] { wake_.push({}); }) {}

  Task<void> run() override;
  void power_up() override;
  void power_down() override { powered_ = false; }

 private:
  struct Wake {};
  procedures::Context& context_;
  Mailbox<Wake> wake_;
  statistics::PeriodicStatistics statistics_;
  bool powered_ = false;
};

}  // namespace hnbemu::device
