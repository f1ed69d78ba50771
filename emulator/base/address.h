#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hnbemu {

// An IPv4 or IPv6 address. The networks are IPv4 for now; the type is ready for both.
class IpAddress {
 public:
  enum class Family : std::uint8_t { v4, v6 };

  IpAddress() = default;  // 0.0.0.0
  static IpAddress v4(std::uint32_t host_order);
  static std::optional<IpAddress> parse(std::string_view text);

  Family family() const { return family_; }
  bool is_unspecified() const { return *this == IpAddress{} || bytes_ == std::array<std::uint8_t, 16>{}; }
  std::uint32_t to_v4() const;                                          // host order; v4 only
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }  // network order; v4 uses the first four
  std::string to_string() const;
  auto operator<=>(const IpAddress&) const = default;

 private:
  Family family_ = Family::v4;
  std::array<std::uint8_t, 16> bytes_{};
};

// An address with the length of its network: 100.64.0.0/10.
struct Prefix {
  IpAddress address;
  unsigned length = 0;

  static Result<Prefix> parse(std::string_view text);
  bool contains(const IpAddress& other) const;  // v4 only
  std::string to_string() const;
  auto operator<=>(const Prefix&) const = default;
};

}  // namespace hnbemu
