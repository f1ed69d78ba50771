#include "stun/wire.h"

namespace hnbemu::stun {
namespace {

constexpr std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

}  // namespace

void put16(std::string& bytes, std::uint16_t value) {
  bytes += static_cast<char>(value >> 8);
  bytes += static_cast<char>(value & 0xff);
}

void put32(std::string& bytes, std::uint32_t value) {
  put16(bytes, static_cast<std::uint16_t>(value >> 16));
  put16(bytes, static_cast<std::uint16_t>(value & 0xffff));
}

void set16(std::string& bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<char>(value >> 8);
  bytes[at + 1] = static_cast<char>(value & 0xff);
}

std::uint16_t get16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

std::uint32_t get32(std::string_view bytes, std::size_t at) {
  return std::uint32_t{get16(bytes, at)} << 16 | get16(bytes, at + 2);
}

void put_attribute(std::string& bytes, std::uint16_t type, std::string_view value) {
  put16(bytes, type);
  put16(bytes, static_cast<std::uint16_t>(value.size()));
  bytes += value;
  bytes.append(padded(value.size()) - value.size(), '\0');
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

std::optional<std::vector<Attribute>> attributes_of(std::string_view bytes, std::size_t limit) {
  if (bytes.size() < kHeaderBytes || byte_at(bytes, 0) > 0x3f) return std::nullopt;
  if (get16(bytes, 2) != bytes.size() - kHeaderBytes || bytes.size() % 4 != 0) return std::nullopt;
  std::vector<Attribute> attributes;
  for (std::size_t at = kHeaderBytes; at < bytes.size();) {
    const std::size_t size = get16(bytes, at + 2);
    const auto value = at + kAttributeHeaderBytes;
    if (padded(size) > bytes.size() - value || attributes.size() == limit) return std::nullopt;
    attributes.push_back({get16(bytes, at), at, bytes.substr(value, size)});
    at = value + padded(size);
  }
  return attributes;
}

}  // namespace hnbemu::stun
