#include "radio/bands.h"

#include <algorithm>
#include <cmath>

namespace hnbemu::radio {
namespace {

struct Band {
  RadioTechnology technology;
  std::string_view name;
  std::uint32_t first;
  std::uint32_t last;
  double first_mhz;
  std::int32_t uplink;  // what to add to the downlink's number
};

constexpr auto kUmts = RadioTechnology::umts;
constexpr auto kLte = RadioTechnology::lte;
constexpr auto kGsm = RadioTechnology::gsm;

constexpr Band kBands[] = {
    {kUmts, "I", 10'562, 10'838, 2112.4, -950}, {kUmts, "II", 9'662, 9'938, 1932.4, -400},
    {kUmts, "III", 1'162, 1'513, 1807.4, -225}, {kUmts, "IV", 1'537, 1'738, 2112.4, -225},
    {kUmts, "V", 4'357, 4'458, 871.4, -225},    {kUmts, "VI", 4'387, 4'413, 877.4, -225},
    {kUmts, "VII", 2'237, 2'563, 2622.4, -225}, {kUmts, "VIII", 2'937, 3'088, 927.4, -225},
    {kUmts, "IX", 9'237, 9'387, 1847.4, -475},  {kUmts, "X", 3'112, 3'388, 2112.4, -225},
    {kUmts, "XI", 3'712, 3'787, 1478.4, -225},  {kUmts, "XII", 3'842, 3'903, 731.4, -225},
    {kUmts, "XIII", 4'017, 4'043, 748.4, -225}, {kUmts, "XIV", 4'117, 4'143, 760.4, -225},
    {kUmts, "XIX", 712, 763, 877.4, -400},      {kUmts, "XX", 4'512, 4'638, 793.4, -225},
    {kUmts, "XXI", 862, 912, 1498.4, -400},     {kLte, "1", 0, 599, 2110, 18'000},
    {kLte, "2", 600, 1'199, 1930, 18'000},      {kLte, "3", 1'200, 1'949, 1805, 18'000},
    {kLte, "4", 1'950, 2'399, 2110, 18'000},    {kLte, "5", 2'400, 2'649, 869, 18'000},
    {kLte, "6", 2'650, 2'749, 875, 18'000},     {kLte, "7", 2'750, 3'449, 2620, 18'000},
    {kLte, "8", 3'450, 3'799, 925, 18'000},     {kLte, "9", 3'800, 4'149, 1844.9, 18'000},
    {kLte, "10", 4'150, 4'749, 2110, 18'000},   {kLte, "11", 4'750, 4'949, 1475.9, 18'000},
    {kLte, "12", 5'010, 5'179, 729, 18'000},    {kLte, "13", 5'180, 5'279, 746, 18'000},
    {kLte, "14", 5'280, 5'379, 758, 18'000},    {kLte, "17", 5'730, 5'849, 734, 18'000},
    {kLte, "18", 5'850, 5'999, 860, 18'000},    {kLte, "19", 6'000, 6'149, 875, 18'000},
    {kLte, "20", 6'150, 6'449, 791, 18'000},    {kLte, "21", 6'450, 6'599, 1495.9, 18'000},
    {kLte, "33", 36'000, 36'199, 1900, 0},      {kLte, "34", 36'200, 36'349, 2010, 0},
    {kLte, "35", 36'350, 36'949, 1850, 0},      {kLte, "36", 36'950, 37'549, 1930, 0},
    {kLte, "37", 37'550, 37'749, 1910, 0},      {kLte, "38", 37'750, 38'249, 2570, 0},
    {kLte, "39", 38'250, 38'649, 1880, 0},      {kLte, "40", 38'650, 39'649, 2300, 0},
    {kGsm, "GSM850", 128, 251, 869.2, 0},       {kGsm, "P-GSM900", 1, 124, 935.2, 0},
    {kGsm, "E-GSM900", 0, 124, 935, 0},         {kGsm, "E-GSM900", 975, 1'023, 925.2, 0},
    {kGsm, "DCS1800", 512, 885, 1805.2, 0},     {kGsm, "PCS1900", 512, 810, 1930.2, 0},
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
