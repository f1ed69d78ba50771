#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/udp_endpoint.h"
#include "stun/crypto.h"

// STUN messages (RFC 5389) as far as connection requests by UDP need them (TR-069 Annex G), which was written for
// RFC 3489: what both have in common on the wire, and RESPONSE-ADDRESS, which the later one dropped.
namespace hnbemu::stun {

inline constexpr std::uint16_t kDefaultPort = 3478;
inline constexpr std::size_t kMaxMessageBytes = 2048;
inline constexpr std::size_t kMaxAttributes = 32;
inline constexpr std::size_t kMaxTextBytes = 763;  // RFC 5389 15.3 to 15.8: of USERNAME, REALM, NONCE, reason

enum class Type : std::uint16_t { binding_request = 0x0001, binding_response = 0x0101, binding_error = 0x0111 };

// RFC 3489 has 128 bits of it; of those RFC 5389 fixes the first 32, the magic cookie.
using TransactionId = std::array<std::uint8_t, 16>;
inline constexpr std::array<std::uint8_t, 4> kMagicCookie{0x21, 0x12, 0xa4, 0x42};

struct ErrorCode {
  unsigned code = 0;  // 300 to 699
  std::string reason;
};

struct Message {
  Type type = Type::binding_request;
  TransactionId id{};
  std::optional<UdpEndpoint> mapped{};            // XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS
  std::optional<UdpEndpoint> response_address{};  // RFC 3489 11.2.2
  std::string username{};
  std::string realm{};
  std::string nonce{};
  std::optional<ErrorCode> error{};
  bool connection_request_binding = false;  // TR-069 Annex G
  bool binding_change = false;              // TR-069 Annex G
  std::vector<std::uint16_t> unknown{};  // attributes that had to be understood and are not known; UNKNOWN-ATTRIBUTES
                                         // of an error
};

// RFC 5389 15.4: of short-term credentials the password, of long-term ones the digest of all three.
std::string short_term_key(std::string_view password);
std::string long_term_key(const Crypto& crypto, std::string_view username, std::string_view realm,
                          std::string_view password);

// Both address attributes; `key` empty: no MESSAGE-INTEGRITY.
std::string encode(const Message& message, const Crypto& crypto, std::string_view key = {});

// Nothing if it is none: another protocol, not whole, wrong FINGERPRINT, an address of no known family, more than the
// limits.
std::optional<Message> decode(std::string_view bytes);

enum class Integrity : std::uint8_t { absent, wrong, right };
// RFC 5389 15.4, or with the padding of RFC 3489 11.2.8.
Integrity integrity_of(std::string_view bytes, const Crypto& crypto, std::string_view key);

}  // namespace hnbemu::stun
