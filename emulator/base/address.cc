#include "base/address.h"

#include <arpa/inet.h>

#include <cstring>

#include "base/number.h"

namespace hnbemu {

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress address;
  for (unsigned i = 0; i < 4; ++i) address.bytes_[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data()) == 1) return address;
  address.family_ = Family::v6;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
  return std::nullopt;
}

std::uint32_t IpAddress::to_v4() const {
  return (std::uint32_t{bytes_[0]} << 24) | (std::uint32_t{bytes_[1]} << 16) | (std::uint32_t{bytes_[2]} << 8) |
         std::uint32_t{bytes_[3]};
}

std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(family_ == Family::v4 ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

Result<Prefix> Prefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return fail(Cause::configuration, fmt::format("'{}' is not an IP prefix such as 100.64.0.0/10", text));
  const unsigned longest = address->family() == IpAddress::Family::v4 ? 32 : 128;
  if (slash == std::string_view::npos) return Prefix{*address, longest};
  const auto length = parse_number<unsigned>(text.substr(slash + 1));
  if (!length || *length > longest) {
    return fail(Cause::configuration, fmt::format("'{}': the prefix length is a number from 0 to {}", text, longest));
  }
  return Prefix{*address, *length};
}

bool Prefix::contains(const IpAddress& other) const {
  if (address.family() != IpAddress::Family::v4 || other.family() != IpAddress::Family::v4) return false;
  const std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
  return (address.to_v4() & mask) == (other.to_v4() & mask);
}

std::string Prefix::to_string() const {
  return fmt::format("{}/{}", address.to_string(), length);
}

}  // namespace hnbemu
