#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The layout of STUN messages: a header of 20 bytes, then attributes, each filled up to four bytes (RFC 5389 6, 15).
namespace hnbemu::stun {

inline constexpr std::size_t kHeaderBytes = 20;
inline constexpr std::size_t kAttributeHeaderBytes = 4;

inline constexpr std::uint16_t kMappedAddress = 0x0001;
inline constexpr std::uint16_t kResponseAddress = 0x0002;  // RFC 3489
inline constexpr std::uint16_t kChangeRequest = 0x0003;    // RFC 3489
inline constexpr std::uint16_t kSourceAddress = 0x0004;    // RFC 3489
inline constexpr std::uint16_t kChangedAddress = 0x0005;   // RFC 3489
inline constexpr std::uint16_t kUsername = 0x0006;
inline constexpr std::uint16_t kMessageIntegrity = 0x0008;
inline constexpr std::uint16_t kErrorCode = 0x0009;
inline constexpr std::uint16_t kUnknownAttributes = 0x000a;
inline constexpr std::uint16_t kReflectedFrom = 0x000b;  // RFC 3489
inline constexpr std::uint16_t kRealm = 0x0014;
inline constexpr std::uint16_t kNonce = 0x0015;
inline constexpr std::uint16_t kXorMappedAddress = 0x0020;
inline constexpr std::uint16_t kFingerprint = 0x8028;
inline constexpr std::uint16_t kConnectionRequest = 0xc001;  // TR-069 Annex G
inline constexpr std::uint16_t kBindingChange = 0xc002;      // TR-069 Annex G

struct Attribute {
  std::uint16_t type = 0;
  std::size_t offset = 0;  // of its header in the message
  std::string_view value;  // without what fills it up
};

void put16(std::string& bytes, std::uint16_t value);
void put32(std::string& bytes, std::uint32_t value);
void set16(std::string& bytes, std::size_t at, std::uint16_t value);
std::uint16_t get16(std::string_view bytes, std::size_t at);
std::uint32_t get32(std::string_view bytes, std::size_t at);
void put_attribute(std::string& bytes, std::uint16_t type, std::string_view value);
std::uint32_t crc32(std::string_view bytes);  // ITU-T V.42

// Views into `bytes`. Nothing if they are no message, not whole, or have more than `limit` attributes.
std::optional<std::vector<Attribute>> attributes_of(std::string_view bytes, std::size_t limit);

}  // namespace hnbemu::stun
