#include "radio/scan.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/hash.h"

namespace hnbemu::radio {
namespace {

constexpr double kShadowingDb = 8;  // standard deviation
constexpr double kWallDb = 10;
constexpr double kMinDistanceKm = 0.035;
constexpr double kKmPerDegree = 111.2;
constexpr double kReferenceMhz = 2000;

// What a receiver and a carrier of each technology are like.
struct Physics {
  double pilot_db;        // from the whole carrier's power down to one reference: resource element, CPICH
  double floor_dbm;       // below, the cell is not decoded
  double noise_dbm;       // thermal, with the receiver's noise figure
  double quality_offset;  // RSRQ counts 50 resource blocks against one resource element
};

Physics physics(RadioTechnology technology) {
  switch (technology) {
    case RadioTechnology::lte:
      return {27.8, -124, -97.5, 17};
    case RadioTechnology::umts:
      return {10, -115, -100, 0};
    case RadioTechnology::gsm:
      break;
  }
  return {0, -104, -114, 0};
}

double milliwatts(double dbm) {
  return std::pow(10, dbm / 10);
}

double distance_km(const config::Location& a, const config::Location& b) {
  constexpr double kRadiansPerDegree = 0.017453292519943295;
  const double north = (a.latitude - b.latitude) * kKmPerDegree;
  const double degrees_east = std::remainder(a.longitude - b.longitude, 360);
  const double east = degrees_east * kKmPerDegree * std::cos(a.latitude * kRadiansPerDegree);
  return std::hypot(north, east);
}

// The sum of four uniform numbers is close enough to normal; standard deviation 1.
double normal(std::uint64_t random) {
  double sum = 0;
  for (int i = 0; i < 4; ++i, random >>= 16) sum += static_cast<double>(random & 0xffff) / 0x10000;
  return (sum - 2) * std::sqrt(3.0);
}

std::uint64_t identity(const config::MacroCell& cell) {
  return std::uint64_t{cell.channel} << 48 ^ std::uint64_t{cell.code} << 32 ^ std::uint64_t{cell.cell_id};
}

double level_of(const config::MacroCell& cell, const Environment& environment) {
  if (!cell.position) return cell.level_dbm;
  const double km = std::max(distance_km(environment.position, *cell.position), kMinDistanceKm);
  const double mhz = downlink_mhz(cell.technology, cell.channel).value_or(kReferenceMhz);
  const double loss = 128.1 + 37.6 * std::log10(km) + 21 * std::log10(mhz / kReferenceMhz) + kWallDb;
  const double shadowing = kShadowingDb * normal(mix(environment.seed, identity(cell)));
  return cell.tx_power_dbm - physics(cell.technology).pilot_db - loss + shadowing;
}

template <class T>
bool allows(const std::vector<T>& list, const T& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool wanted(const config::MacroCell& cell, const ScanSettings& settings) {
  const auto has_channel = [&](const auto& bands) {
    return bands.empty() || in_bands(cell.technology, cell.channel, bands);
  };
  return allows(settings.plmns, cell.plmn) && allows(settings.channels, cell.channel) && has_channel(settings.bands) &&
         has_channel(settings.receiver_bands);
}

}  // namespace

// SplitMix64.
std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  return scramble(seed + kGoldenGamma * (value + 1));
}

std::vector<MeasuredCell> scan(const Environment& environment, const ScanSettings& settings) {
  const auto receiver = physics(settings.technology);
  std::vector<MeasuredCell> heard;
  std::map<std::uint32_t, double> carriers;  // mW by channel
  for (const auto& cell : environment.map->cells) {
    if (cell.technology != settings.technology) continue;
    const double level = level_of(cell, environment);
    auto& carrier = carriers.try_emplace(cell.channel, milliwatts(receiver.noise_dbm)).first->second;
    carrier += milliwatts(level + receiver.pilot_db);
    if (level >= receiver.floor_dbm && wanted(cell, settings)) heard.push_back({cell, level});
  }
  std::stable_sort(heard.begin(), heard.end(), [](const auto& a, const auto& b) { return a.level_dbm > b.level_dbm; });
  heard.resize(std::min({heard.size(), settings.max_cells, kMaxMeasuredCells}));
  for (auto& cell : heard) {
    cell.carrier_dbm = 10 * std::log10(carriers.at(cell.cell.channel));
    if (settings.technology != RadioTechnology::gsm) {
      cell.quality_db = cell.level_dbm + receiver.quality_offset - cell.carrier_dbm;
    }
  }
  return heard;
}

std::shared_ptr<const config::RadioMap> built_in_map(const config::Location& position,
                                                     std::vector<config::MacroCell> own) {
  struct Kind {
    RadioTechnology technology;
    std::uint32_t channel;
    std::uint32_t codes;
  };
  constexpr Kind kKinds[] = {
      {RadioTechnology::lte, 1'850, 504},   {RadioTechnology::lte, 1'850, 504},   {RadioTechnology::lte, 300, 504},
      {RadioTechnology::umts, 10'612, 512}, {RadioTechnology::umts, 10'637, 512}, {RadioTechnology::gsm, 60, 64},
      {RadioTechnology::gsm, 75, 64},
  };
  constexpr double kSquareDegrees = 0.01;  // neighbours share their macro cells
  const double row = std::floor(position.latitude / kSquareDegrees);
  const double column = std::floor(position.longitude / kSquareDegrees);
  const auto square = static_cast<std::uint64_t>(static_cast<std::int64_t>(row) * 36'000 + static_cast<int>(column));
  auto map = std::make_shared<config::RadioMap>();
  map->cells = std::move(own);
  for (const auto& kind : kKinds) {
    const auto random = mix(square, map->cells.size());
    config::MacroCell cell{kind.technology, "00101", kind.channel, static_cast<std::uint32_t>(random % kind.codes)};
    cell.area = 4'097;
    cell.rac = 1;
    cell.cell_id = static_cast<std::uint32_t>(random >> 16 & 0x7fff);
    // Half a square to a whole one away from the square's middle.
    const double angle = static_cast<double>(random >> 32 & 0xffff) / 0x10000 * 6.283185307179586;
    const double distance = kSquareDegrees * (0.5 + static_cast<double>(random >> 48) / 0x20000);
    cell.position = {(row + 0.5) * kSquareDegrees + distance * std::cos(angle),
                     (column + 0.5) * kSquareDegrees + distance * std::sin(angle)};
    map->cells.push_back(std::move(cell));
  }
  return map;
}

}  // namespace hnbemu::radio
