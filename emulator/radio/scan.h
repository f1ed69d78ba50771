#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/radio_map.h"
#include "radio/bands.h"

namespace hnbemu::radio {

inline constexpr std::size_t kMaxMeasuredCells = 64;  // of one technology

// Where a device is and what is around it.
struct Environment {
  std::shared_ptr<const config::RadioMap> map;
  config::Location position;
  std::uint64_t seed = 0;  // of the shadowing: walls and houses differ from device to device
};

// What a REM object asks for. An empty list: no limit.
struct ScanSettings {
  RadioTechnology technology = RadioTechnology::lte;
  std::vector<std::string> plmns{};
  std::vector<std::string> bands{};
  std::vector<std::string> receiver_bands{};  // those that the device can receive
  std::vector<std::uint32_t> channels{};
  std::size_t max_cells = kMaxMeasuredCells;
};

struct MeasuredCell {
  config::MacroCell cell;
  double level_dbm = 0;    // RSRP, RSCP or RSSI
  double carrier_dbm = 0;  // all that is received on the channel: RSSI
  double quality_db = 0;   // RSRQ, Ec/No; 0 of GSM
};

// What the device hears, the strongest first. Levels by distance (urban macro cell, TR 36.942 4.5.2), log-normal
// shadowing, an outer wall, and the receiver's floor. The same environment and settings: the same cells.
std::vector<MeasuredCell> scan(const Environment& environment, const ScanSettings& settings);

// The macro cells of a place that has no map: `own`, and a few that depend on the place alone.
std::shared_ptr<const config::RadioMap> built_in_map(const config::Location& position,
                                                     std::vector<config::MacroCell> own);

// A number that depends on both, and on nothing else on any machine.
std::uint64_t mix(std::uint64_t seed, std::uint64_t value);

}  // namespace hnbemu::radio
