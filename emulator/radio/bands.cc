#include "radio/bands.h"

#include <algorithm>
#include <cmath>

namespace hnbemu::radio {
namespace {

struct Band {
  std::string_view name;
  double first_mhz;
  std::uint32_t first;
  std::uint32_t last;
  std::int32_t uplink;  // what to add to the downlink's number
  RadioTechnology technology;
};

constexpr auto kUmts = RadioTechnology::umts;
constexpr auto kLte = RadioTechnology::lte;
constexpr auto kGsm = RadioTechnology::gsm;

constexpr Band kBands[] = {
    {"I", 2112.4, 10'562, 10'838, -950, kUmts}, {"II", 1932.4, 9'662, 9'938, -400, kUmts},
    {"III", 1807.4, 1'162, 1'513, -225, kUmts}, {"IV", 2112.4, 1'537, 1'738, -225, kUmts},
    {"V", 871.4, 4'357, 4'458, -225, kUmts},    {"VI", 877.4, 4'387, 4'413, -225, kUmts},
    {"VII", 2622.4, 2'237, 2'563, -225, kUmts}, {"VIII", 927.4, 2'937, 3'088, -225, kUmts},
    {"IX", 1847.4, 9'237, 9'387, -475, kUmts},  {"X", 2112.4, 3'112, 3'388, -225, kUmts},
    {"XI", 1478.4, 3'712, 3'787, -225, kUmts},  {"XII", 731.4, 3'842, 3'903, -225, kUmts},
    {"XIII", 748.4, 4'017, 4'043, -225, kUmts}, {"XIV", 760.4, 4'117, 4'143, -225, kUmts},
    {"XIX", 877.4, 712, 763, -400, kUmts},      {"XX", 793.4, 4'512, 4'638, -225, kUmts},
    {"XXI", 1498.4, 862, 912, -400, kUmts},     {"1", 2110, 0, 599, 18'000, kLte},
    {"2", 1930, 600, 1'199, 18'000, kLte},      {"3", 1805, 1'200, 1'949, 18'000, kLte},
    {"4", 2110, 1'950, 2'399, 18'000, kLte},    {"5", 869, 2'400, 2'649, 18'000, kLte},
    {"6", 875, 2'650, 2'749, 18'000, kLte},     {"7", 2620, 2'750, 3'449, 18'000, kLte},
    {"8", 925, 3'450, 3'799, 18'000, kLte},     {"9", 1844.9, 3'800, 4'149, 18'000, kLte},
    {"10", 2110, 4'150, 4'749, 18'000, kLte},   {"11", 1475.9, 4'750, 4'949, 18'000, kLte},
    {"12", 729, 5'010, 5'179, 18'000, kLte},    {"13", 746, 5'180, 5'279, 18'000, kLte},
    {"14", 758, 5'280, 5'379, 18'000, kLte},    {"17", 734, 5'730, 5'849, 18'000, kLte},
    {"18", 860, 5'850, 5'999, 18'000, kLte},    {"19", 875, 6'000, 6'149, 18'000, kLte},
    {"20", 791, 6'150, 6'449, 18'000, kLte},    {"21", 1495.9, 6'450, 6'599, 18'000, kLte},
    {"33", 1900, 36'000, 36'199, 0, kLte},      {"34", 2010, 36'200, 36'349, 0, kLte},
    {"35", 1850, 36'350, 36'949, 0, kLte},      {"36", 1930, 36'950, 37'549, 0, kLte},
    {"37", 1910, 37'550, 37'749, 0, kLte},      {"38", 2570, 37'750, 38'249, 0, kLte},
    {"39", 1880, 38'250, 38'649, 0, kLte},      {"40", 2300, 38'650, 39'649, 0, kLte},
    {"GSM850", 869.2, 128, 251, 0, kGsm},       {"P-GSM900", 935.2, 1, 124, 0, kGsm},
    {"E-GSM900", 935, 0, 124, 0, kGsm},         {"E-GSM900", 925.2, 975, 1'023, 0, kGsm},
    {"DCS1800", 1805.2, 512, 885, 0, kGsm},     {"PCS1900", 1930.2, 512, 810, 0, kGsm},
};

bool has(const Band& band, RadioTechnology technology, std::uint32_t channel) {
  return band.technology == technology && channel >= band.first && channel <= band.last;
}

const Band* band_of(RadioTechnology technology, std::uint32_t channel) {
  const auto* const found = std::find_if(std::begin(kBands), std::end(kBands),
                                         [&](const Band& band) { return has(band, technology, channel); });
  return found == std::end(kBands) ? nullptr : found;
}

double raster_mhz(RadioTechnology technology) {
  return technology == kLte ? 0.1 : 0.2;
}

double bandwidth_mhz(RadioTechnology technology) {
  if (technology == kGsm) return 0.2;
  return technology == kLte ? 10 : 5;
}

}  // namespace

bool in_bands(RadioTechnology technology, std::uint32_t channel, const std::vector<std::string>& names) {
  return std::any_of(std::begin(kBands), std::end(kBands), [&](const Band& band) {
    return has(band, technology, channel) &&
           (names.empty() || std::find(names.begin(), names.end(), band.name) != names.end());
  });
}

std::string_view band_name(RadioTechnology technology, std::uint32_t channel) {
  const auto* const band = band_of(technology, channel);
  return band == nullptr ? std::string_view{} : band->name;
}

std::optional<double> downlink_mhz(RadioTechnology technology, std::uint32_t channel) {
  const auto* const band = band_of(technology, channel);
  if (band == nullptr) return std::nullopt;
  return band->first_mhz + raster_mhz(technology) * (channel - band->first);
}

std::optional<std::uint32_t> uplink_channel(RadioTechnology technology, std::uint32_t channel) {
  const auto* const band = band_of(technology, channel);
  if (band == nullptr) return std::nullopt;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(channel) + band->uplink);
}

bool overlap(RadioTechnology technology, std::uint32_t a, std::uint32_t b) {
  if (a == b) return true;
  const auto mhz_a = downlink_mhz(technology, a);
  const auto mhz_b = downlink_mhz(technology, b);
  constexpr double kRounding = 1e-6;
  return mhz_a && mhz_b && std::abs(*mhz_a - *mhz_b) < bandwidth_mhz(technology) - kRounding;
}

}  // namespace hnbemu::radio
