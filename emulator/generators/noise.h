#pragma once

#include <cstdint>
#include <string_view>

// Randomness without state: the same arguments, the same result, on every machine.
namespace hnbemu::generators {

inline constexpr unsigned kWalkLevels = 40;  // a walk has 2^40 steps, 35,000 years of seconds; behind them it stands

std::uint64_t seed_of(std::uint64_t device_seed, std::string_view path);
double uniform(std::uint64_t seed, std::uint64_t index);  // [0, 1)
double normal(std::uint64_t seed, std::uint64_t index);   // mean 0, deviation 1

// Where a walk from 0 is after so many steps, each of which is in [-1, 1]. It costs kWalkLevels halvings, however many
// the steps: the whole way is drawn first, then how much of it falls into its first half, and so on down to the step.
double walk(std::uint64_t seed, std::uint64_t steps);

// `x` reflected at the bounds until it is between them; it moves no farther than `x` does.
double fold(double x, double min, double max);

}  // namespace hnbemu::generators
