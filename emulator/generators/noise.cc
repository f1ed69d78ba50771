#include "generators/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/hash.h"

namespace hnbemu::generators {
namespace {

constexpr double kStepDeviation = 0.5;

std::uint64_t hash(std::uint64_t seed, std::uint64_t index) {
  return scramble(scramble(seed + kGoldenGamma) ^ (index * 0xd1342543de82ef95u + 1));
}

}  // namespace

std::uint64_t seed_of(std::uint64_t device_seed, std::string_view path) {
  return hash(device_seed, fnv1a(path));
}

double uniform(std::uint64_t seed, std::uint64_t index) {
  return static_cast<double>(hash(seed, index) >> 11) * 0x1p-53;
}

double normal(std::uint64_t seed, std::uint64_t index) {  // Box and Muller
  const double radius = std::sqrt(-2 * std::log(1 - uniform(seed, 2 * index)));
  return radius * std::cos(2 * std::numbers::pi * uniform(seed, 2 * index + 1));
}

double walk(std::uint64_t seed, std::uint64_t steps) {
  double length = std::exp2(kWalkLevels);
  auto left = std::min(steps, (std::uint64_t{1} << kWalkLevels) - 1);
  double way = std::clamp(kStepDeviation * std::sqrt(length) * normal(seed, 0), -length, length);
  double position = 0;
  std::uint64_t node = 1;  // of a binary tree, numbered level by level
  for (unsigned level = kWalkLevels; level > 0 && left > 0; --level) {
    length /= 2;
    const double drawn = way / 2 + kStepDeviation * std::sqrt(length / 2) * normal(seed, node);
    const double first = std::clamp(drawn, std::max(-length, way - length), std::min(length, way + length));
    const auto half = std::uint64_t{1} << (level - 1);
    const bool second = left >= half;
    if (second) {
      position += first;
      left -= half;
    }
    way = second ? way - first : first;
    node = 2 * node + (second ? 1 : 0);
  }
  return position;
}

double fold(double x, double min, double max) {
  const double width = max - min;
  if (width <= 0) return min;
  double place = std::fmod(x - min, 2 * width);
  if (place < 0) place += 2 * width;
  return min + (place > width ? 2 * width - place : place);
}

}  // namespace hnbemu::generators
