#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "radio/rem_tables.h"

namespace hnbemu::radio {

struct Now {
  Deadline steady;
  WallTime wall;
  bool bearers = false;  // whether the cell carries any: InServiceHandling Delayed waits for them to end
};

// Radio environment measurement (TR-196 REM): scans at power-up and periodically, as each REM object of the device
// says, and writes what it finds there.
class Rem {
 public:
  static constexpr Seconds kBusyPoll{1};  // how often a delayed scan looks whether the bearers are gone

  // `service` is "….FAPService.1."; a scan takes `duration`. Without a map in `environment`, cells are made up beside
  // those that the model's own rows name.
  Rem(datamodel::DataModel& model, std::string_view service, Environment environment, Seconds duration);

  bool present() const { return !scans_.empty(); }  // whether the device has any REM object
  void power_up(const Now& now);                    // forgets all; the scans of ScanOnBoot begin
  void power_down();
  // Ends and begins scans that are due, after REM's own settings too. Gives when to call again at the latest.
  Deadline advance(const Now& now);

  bool measuring() const;                    // whether a scan is under way
  bool initial_done() const;                 // whether the scans of power-up have ended, well or not
  unsigned ended() const { return ended_; }  // how many scans have ended
  // What the last scan found; nullopt if it failed, nothing if there was none.
  std::optional<std::vector<MeasuredCell>> measured(RadioTechnology technology) const;

 private:
  struct Scan {
    RemObject object;
    bool initial = false;            // the scan of power-up has not ended
    std::optional<Deadline> ends{};  // of the one under way
    bool times_out = false;          // what is under way will
    std::string schedule{};          // the settings that `due` follows
    std::optional<Deadline> due{};   // of the next periodic one
    bool failed = false;
    std::vector<MeasuredCell> cells{};
  };
  void begin(Scan& scan, const Now& now);
  void end(Scan& scan, const Now& now);
  void follow_schedule(Scan& scan, const Now& now);
  bool flag(const Scan& scan, std::string_view name) const;
  std::uint32_t number(const Scan& scan, std::string_view name) const;

  datamodel::DataModel& model_;
  Environment environment_;
  Seconds duration_;
  std::vector<Scan> scans_;
  bool powered_ = false;
  unsigned ended_ = 0;
};

}  // namespace hnbemu::radio
