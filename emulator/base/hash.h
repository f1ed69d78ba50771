#pragma once

#include <cstdint>
#include <string_view>

// Hashes that are the same on every machine and in every version, which std::hash need not be.
namespace hnbemu {

// FNV-1a, 64 bits.
constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

inline constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;  // SplitMix64's step from state to state

// SplitMix64's finalizer: each bit of `x` has a say in each bit of the result.
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace hnbemu
