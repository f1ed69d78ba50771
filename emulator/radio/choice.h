#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "radio/bands.h"

namespace hnbemu::radio {

inline constexpr std::size_t kMaxCandidates = 1024;

// Cells around, heard by the device or told by the HMS.
struct Neighbour {
  std::uint32_t channel = 0;
  std::uint32_t code = 0;
  double level_dbm = 0;
};

// What the HMS lets the device choose from: "201,202,203", "10..20", "20..40,50" (TR-196). The first is preferred where
// the standard says so (LTE), and it is no range.
struct Candidates {
  std::vector<std::uint32_t> values;
  bool first_is_preferred = false;
};
// The error says which item is wrong; no item at all is an error too.
Result<Candidates> parse_candidates(std::string_view list, std::uint32_t max);

// The candidate on which the neighbours are heard least; of equals the first. Error: no candidate is in a band that the
// device supports.
Result<std::uint32_t> choose_channel(RadioTechnology technology, const Candidates& candidates,
                                     const std::vector<std::string>& supported_bands,
                                     std::span<const Neighbour> neighbours);

// A PCI or PSC that no neighbour has on the channel: the device's own (collision) and any two neighbours' of a third
// cell (confusion) must differ. Of the free ones, those of LTE that share their PSS (PCI mod 3) with the weakest
// neighbours; of these the preferred one, or one that `seed` picks. Error: all are taken.
Result<std::uint32_t> choose_code(RadioTechnology technology, std::uint32_t channel, const Candidates& candidates,
                                  std::span<const Neighbour> neighbours, std::uint64_t seed);

}  // namespace hnbemu::radio
