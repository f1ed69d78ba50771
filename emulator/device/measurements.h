#pragma once

#include <memory>

#include "device/companion.h"
#include "device/mailbox.h"
#include "procedures/pm_jobs.h"

namespace hnbemu::device {

// The device's performance measurement, from power-up to power-down, whether in service or not (TS 32.583 5.6,
// TS 32.593 5.4): what happens in its cells becomes files, one for each enabled Config object and period. Others send
// them.
class Measurements final : public Companion {
 public:
  struct Setup {
    std::shared_ptr<const pm::Plan> plan;  // null: the device measures nothing
    std::uint64_t seed = 0;
    std::string directory;  // of its files; "": it has no room for any
  };
  Measurements(boost::asio::any_io_executor executor, procedures::Context& context, Setup setup);

  // `filed` is called when there are files to send.
  void observe(std::function<void()> filed) { filed_ = std::move(filed); }
  // Ends the periods of now. The names of the files, or why there are none.
  tl::expected<std::vector<std::string>, std::string> cut();
  // Null until the device has begun to measure.
  pm::Spool* spool() { return running_ ? &collection_->spool() : nullptr; }
  void sent(std::uint32_t file);  // it need not be remembered any more
  const std::vector<procedures::PmTarget>& targets() const { return targets_; }

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  void serve(const procedures::Service&) override { wake_.push({}); }  // the time may be known by now

 private:
  struct Wake {};
  void begin();
  void watch();
  void show_stats();
  std::string shown(std::size_t cell, const pm::Stat& stat);
  void on_change(const datamodel::Change& change);
  void follow_settings();
  void follow_cells();
  double fault() const;
  void note();
  WallTime now() const { return context_.ports.clock.wall_now(); }
  TimeZone zone() const;

  procedures::Context& context_;
  Mailbox<Wake> wake_;
  std::shared_ptr<const pm::Plan> plan_;
  std::uint64_t seed_;
  std::string directory_;
  std::function<void()> filed_ = [] {};
  std::vector<procedures::PmCell> cells_;
  std::vector<procedures::PmTarget> targets_;
  std::unique_ptr<pm::Collection> collection_;
  bool powered_ = false;
  bool running_ = false;  // the collection has started
  bool settings_changed_ = false;
  bool cells_changed_ = false;
  bool changed_ = false;  // since it was remembered
};

}  // namespace hnbemu::device
