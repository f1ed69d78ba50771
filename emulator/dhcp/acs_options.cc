#include "dhcp/acs_options.h"

#include <algorithm>
#include <charconv>

#include "base/url.h"
#include "dhcp/bytes.h"

namespace hnbemu::dhcp {
namespace {

constexpr std::uint8_t kUrl = 1;
constexpr std::uint8_t kProvisioningCode = 2;
constexpr std::uint8_t kRetryMinimum = 3;
constexpr std::uint8_t kRetryMultiplier = 4;
constexpr std::uint8_t kLast = 255;

// TR-069 3.1: a value that ends with a null is taken, without it.
std::string_view without_null(std::string_view value) {
  if (value.ends_with('\0')) value.remove_suffix(1);
  return value;
}

bool is_text(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::optional<std::uint32_t> decimal(std::string_view text, std::uint32_t min, std::uint32_t max) {
  std::uint32_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number < min || number > max) return std::nullopt;
  return number;
}

void read_one(std::uint8_t code, std::string_view value, AcsOptions& options) {
  value = without_null(value);
  if (!is_text(value)) return;
  if (code == kUrl && value.size() <= kMaxAcsUrl) {
    const auto url = Url::parse(value);
    if (url && (url->scheme == "http" || url->scheme == "https")) options.url = value;
  } else if (code == kProvisioningCode && value.size() <= kMaxProvisioningCode) {
    options.provisioning_code = value;
  } else if (code == kRetryMinimum) {
    options.retry_minimum_wait_interval = decimal(value, 1, 65'535);
  } else if (code == kRetryMultiplier) {
    options.retry_interval_multiplier = decimal(value, 1'000, 65'535);
  }
}

// RFC 2132 8.4: code, length, value, again and again.
AcsOptions read_list(std::string_view list) {
  AcsOptions options;
  while (list.size() >= 2 && static_cast<std::uint8_t>(list[0]) != kLast) {
    const auto code = static_cast<std::uint8_t>(list[0]);
    const auto size = static_cast<std::uint8_t>(list[1]);
    list.remove_prefix(2);
    if (size > list.size()) break;
    read_one(code, list.substr(0, size), options);
    list.remove_prefix(size);
  }
  return options;
}

// RFC 3925 4: enterprise number, length, data, again and again.
std::string_view of_broadband_forum(std::string_view list) {
  while (list.size() >= 5) {
    const auto enterprise = take_number(list, 4);
    const auto size = take_number(list, 1);
    if (size > list.size()) break;
    if (enterprise == kBroadbandForum) return list.substr(0, size);
    list.remove_prefix(size);
  }
  return {};
}

std::string_view value_of(const Message& message, std::uint8_t code) {
  const auto found = message.options.find(code);
  return found == message.options.end() ? std::string_view{} : found->second;
}

}  // namespace

AcsOptions acs_options(const Message& message) {
  auto options = read_list(of_broadband_forum(value_of(message, option::vi_vendor_specific)));
  if (!options.url.empty()) return options;
  return read_list(value_of(message, option::vendor_specific));
}

std::string cwmp_vi_class() {
  std::string out;
  put_number(out, kBroadbandForum, 4);
  put_number(out, kCwmpClass.size(), 1);
  return out.append(kCwmpClass);
}

}  // namespace hnbemu::dhcp
