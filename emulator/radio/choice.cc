#include "radio/choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "base/number.h"
#include "radio/scan.h"

namespace hnbemu::radio {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t max) {
  const auto value = parse_number<std::uint32_t>(trimmed(text));
  return value && *value <= max ? value : std::nullopt;
}

double milliwatts(double dbm) {
  return std::pow(10, dbm / 10);
}

}  // namespace

Result<Candidates> parse_candidates(std::string_view list, std::uint32_t max) {
  Candidates candidates;
  if (trimmed(list).empty()) return fail(Cause::configuration, "the list is empty");
  for (std::size_t item = 1; !list.empty(); ++item) {
    const auto comma = list.find(',');
    const auto text = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    const auto dots = text.find("..");
    const bool range = dots != std::string_view::npos;
    const auto low = number(text.substr(0, dots), max);
    const auto high = range ? number(text.substr(dots + 2), max) : low;
    if (!low || !high || *low > *high) {
      return fail(Cause::configuration, fmt::format("item {} is no number or range from 0 to {}", item, max));
    }
    if (item == 1) candidates.first_is_preferred = !range;
    if (*high - *low >= kMaxCandidates - candidates.values.size()) {
      return fail(Cause::configuration, fmt::format("more than {} values to choose from", kMaxCandidates));
    }
    for (auto value = *low; value <= *high; ++value) candidates.values.push_back(value);
  }
  return candidates;
}

Result<std::uint32_t> choose_channel(RadioTechnology technology, const Candidates& candidates,
                                     const std::vector<std::string>& supported_bands,
                                     std::span<const Neighbour> neighbours) {
  std::optional<std::uint32_t> best;
  double least = 0;
  for (const auto channel : candidates.values) {
    if (!supported_bands.empty() && !in_bands(technology, channel, supported_bands)) continue;
    double interference = 0;
    for (const auto& neighbour : neighbours) {
      if (overlap(technology, channel, neighbour.channel)) interference += milliwatts(neighbour.level_dbm);
    }
    if (best && interference >= least) continue;
    best = channel;
    least = interference;
  }
  if (best) return *best;
  return fail(Cause::configuration,
              fmt::format("none is in a band that the device supports ({})", fmt::join(supported_bands, ", ")));
}

Result<std::uint32_t> choose_code(RadioTechnology technology, std::uint32_t channel, const Candidates& candidates,
                                  std::span<const Neighbour> neighbours, std::uint64_t seed) {
  std::set<std::uint32_t> taken;
  std::array<double, 3> by_remainder{};  // mW of the neighbours on the channel, by PCI mod 3
  for (const auto& neighbour : neighbours) {
    if (neighbour.channel != channel) continue;
    taken.insert(neighbour.code);
    by_remainder.at(neighbour.code % 3) += milliwatts(neighbour.level_dbm);
  }
  using Rank = std::tuple<double, bool, std::uint64_t, std::uint32_t>;  // interference, not preferred, lot, code
  std::optional<Rank> best;
  const bool lte = technology == RadioTechnology::lte;
  for (const auto code : candidates.values) {
    if (taken.contains(code)) continue;
    const bool preferred = lte && candidates.first_is_preferred && code == candidates.values.front();
    const Rank rank{lte ? by_remainder.at(code % 3) : 0, !preferred, mix(seed, code), code};
    if (!best || rank < *best) best = rank;
  }
  if (best) return std::get<std::uint32_t>(*best);
  return fail(Cause::configuration, fmt::format("neighbours on channel {} have them all", channel));
}

}  // namespace hnbemu::radio
