#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <span>

#include "base/hash.h"

namespace hnbemu::pm {

// Random numbers of one draw: cheap to seed, unlike the standard's engines.
class Dice {
 public:
  using result_type = std::uint64_t;
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() { return scramble(state_ += kGoldenGamma); }

  double poisson(double mean) {
    if (!(mean > 0)) return 0;
    return static_cast<double>(std::poisson_distribution<std::int64_t>(mean)(*this));
  }
  // How many of `all` it befalls.
  double share(double all, double probability) {
    const double p = std::clamp(probability, 0.0, 1.0);
    if (all <= 0 || p == 0) return 0;
    return static_cast<double>(std::binomial_distribution<std::int64_t>(static_cast<std::int64_t>(all), p)(*this));
  }
  // Divides `all` among as many as there are weights; they add up to it.
  void divide(double all, std::span<const double> weights, double* out) {
    double rest = 0;
    for (const auto weight : weights) rest += weight;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const bool last = i + 1 == weights.size();
      const double some = last || rest <= 0 ? (last ? all : 0) : share(all, weights[i] / rest);
      out[i] += some;
      all -= some;
      rest -= weights[i];
    }
  }
  double around(double mean, double spread) {  // never below 0
    return std::max(0.0, mean * (1 + spread * std::normal_distribution<double>()(*this)));
  }

 private:
  std::uint64_t state_;
};

}  // namespace hnbemu::pm
