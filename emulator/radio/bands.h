#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/radio_map.h"

namespace hnbemu::radio {

using config::RadioTechnology;

// A downlink channel is an EARFCN (TS 36.101 5.7.3), a UARFCN of FDD (TS 25.101 5.4) or an ARFCN (TS 45.005 2). Names
// of bands are those of TR-196: "3", "VIII", "E-GSM900".

// Whether one of these bands has the channel. Without names: whether any band has.
bool in_bands(RadioTechnology technology, std::uint32_t channel, const std::vector<std::string>& names);
// Of the first band that has the channel; "" if none has.
std::string_view band_name(RadioTechnology technology, std::uint32_t channel);
std::optional<double> downlink_mhz(RadioTechnology technology, std::uint32_t channel);
// The uplink channel that goes with it.
std::optional<std::uint32_t> uplink_channel(RadioTechnology technology, std::uint32_t channel);
// Whether two carriers share spectrum: 5 MHz of UMTS, 10 MHz of LTE, 200 kHz of GSM.
bool overlap(RadioTechnology technology, std::uint32_t a, std::uint32_t b);

}  // namespace hnbemu::radio
