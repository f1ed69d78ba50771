#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstdint>
#include <string>

#include "base/address.h"

namespace hnbemu {

struct UdpEndpoint {
  IpAddress address;
  std::uint16_t port = 0;
  std::string to_string() const { return fmt::format("{}:{}", address.to_string(), port); }
  auto operator<=>(const UdpEndpoint&) const = default;
};

}  // namespace hnbemu
