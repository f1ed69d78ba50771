#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hnbemu::config {

inline constexpr std::size_t kMaxMacroCells = 10'000;  // of one map

// WGS 84, degrees.
struct Location {
  double latitude = 0;
  double longitude = 0;
};

enum class RadioTechnology : std::uint8_t { umts, lte, gsm };

// A cell of the operator's macro network.
struct MacroCell {
  RadioTechnology technology = RadioTechnology::lte;
  std::string plmn;           // MCC and MNC, five or six digits
  std::uint32_t channel = 0;  // downlink UARFCN or EARFCN; ARFCN
  std::uint32_t code = 0;     // PSC, PCI, BSIC
  std::uint32_t area = 0;     // LAC or TAC
  std::uint32_t rac = 0;
  std::uint32_t cell_id = 0;
  std::optional<Location> position{};  // none: `level_dbm` everywhere
  double level_dbm = 0;                // RSCP, RSRP or RSSI
  double tx_power_dbm = 43;            // of the whole carrier, with the antenna's gain
};

struct RadioMap {
  std::vector<MacroCell> cells;
};

// Reads and checks a radio map, `cells: [{technology: lte, plmn: "00101", earfcn: 1850, pci: 87, …}, …]`. All problems
// of the file are in the error, one a line.
Result<RadioMap> load_radio_map(const std::string& file);
// The same of a text; `name` is what errors call it.
Result<RadioMap> parse_radio_map(std::string_view text, const std::string& name);

}  // namespace hnbemu::config
